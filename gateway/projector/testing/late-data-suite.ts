import type { LedgerBlock, LedgerTransaction, PrivateWrite } from '@fhir-fabric-gateway/chaincode/api';
import type { Resource } from '../../fhir/resource.ts';
import type { OpenStore, TestStore } from '../../index-store/testing/store.ts';
import { Applier } from '../applier.ts';
import { missingIn } from '../parking.ts';
import { block, consent, entry, grant, missing, observation, purge, put, record, ruleOf } from './blocks.ts';

/** Private data that does not come with its block, on any engine of the index. */
export function lateDataSuite(open: OpenStore): void {
  let store: TestStore;
  let applier: Applier;
  let alarms: string[];
  /** The ledger as it would be read again. */
  let ledger: Map<number, LedgerBlock>;

  const restart = async () => {
    applier = await Applier.open(store.writer, store.reader, {
      index: store.reader,
      fhirBase: 'http://here/fhir/R4',
      policyUris: [],
      labeller: () => [],
      alarm: (what) => alarms.push(what),
    });
  };
  beforeEach(async () => {
    store = await open();
    alarms = [];
    ledger = new Map();
    await restart();
    await apply(put(record()));
  });
  afterEach(() => store.close());

  /** The next block, as it comes. */
  async function apply(...writes: PrivateWrite[]): Promise<number> {
    return applyReading(['record/1'], ...writes);
  }
  async function applyReading(
    reads: LedgerTransaction['reads'] | 'unknown',
    ...writes: PrivateWrite[]
  ): Promise<number> {
    const number = applier.position + 1;
    const next = block(number, writes, reads);
    ledger.set(number, next);
    await applier.apply(next);
    return number;
  }
  /** The private data of a block has come to the peer; the projector looks again. */
  async function come(number: number, ...writes: PrivateWrite[]): Promise<boolean> {
    ledger.set(number, block(number, writes));
    return lookAgain();
  }
  const lookAgain = () =>
    applier.applyLate({
      block: async (number) => ledger.get(number) ?? Promise.reject(new Error(`no block ${number}`)),
    });

  const held = async () => missingIn(await store.reader.parked());
  const rules = async () => (await store.reader.rules('1', ['Practitioner/2'])).grants;
  const rateOf = async (version?: number) => {
    const stored =
      version === undefined
        ? await store.reader.get('Observation', 'x')
        : await store.reader.getVersion('Observation', 'x', version);
    if (!stored || stored.content.length === 0) return undefined;
    const { valueQuantity } = JSON.parse(new TextDecoder().decode(stored.content)) as Resource;
    return (valueQuantity as { value: number }).value;
  };

  const given = entry(consent(), { id: 'c1' });
  const inForce = grant({ c1: ruleOf() });

  test('a record of which something is missing is held until it has come, also over a restart', async () => {
    const number = await apply(missing(given), missing(inForce));
    expect(await held()).toEqual({ patients: ['1'] });
    expect(await lookAgain()).toBe(false);
    await restart();
    expect(await come(number, put(given), put(inForce))).toBe(true);
    expect(await rules()).toEqual([ruleOf()]);
    expect(await held()).toEqual({ patients: [] });
    expect(alarms).toEqual([]);
  });

  test('a grant that has a later value is not overwritten by what comes late', async () => {
    await apply(put(given));
    const number = await apply(missing(inForce));
    await apply(put({ ...inForce, consents: {} }));
    expect(await held()).toEqual({ patients: [] });
    await come(number, put(inForce));
    expect(await rules()).toEqual([]);
  });

  test('of two values of a grant that are missing the later one stays, whichever comes first', async () => {
    await apply(put(given));
    const earlier = await apply(missing(inForce));
    const later = await apply(missing({ ...inForce, consents: {} }));
    await come(later, put({ ...inForce, consents: {} }));
    expect(await held()).toEqual({ patients: [] });
    await come(earlier, put(inForce));
    expect(await rules()).toEqual([]);
  });

  test('the earlier of two values that are missing may come first: the record stays held for the later', async () => {
    await apply(put(given));
    const earlier = await apply(missing(inForce));
    const later = await apply(missing({ ...inForce, consents: {} }));
    await come(earlier, put(inForce));
    expect([await rules(), await held()]).toEqual([[ruleOf()], { patients: ['1'] }]);
    await come(later, put({ ...inForce, consents: {} }));
    expect([await rules(), await held()]).toEqual([[], { patients: [] }]);
  });

  test('a version that comes late goes into the history, and the current one stays', async () => {
    const number = await apply(missing(entry(observation(60))));
    await apply(put(entry(observation(70), { version: 2 })), put(entry(observation(60)), true));
    await come(number, put(entry(observation(60))));
    expect([await rateOf(), await rateOf(1)]).toEqual([70, 60]);
    expect(await held()).toEqual({ patients: [] });
  });

  test('a deletion that comes late deletes', async () => {
    await apply(put(entry(observation())));
    const { content: _content, ...tombstone } = entry(observation(), { version: 2 });
    const number = await apply(missing(tombstone));
    expect(await rateOf()).toBe(60);
    await come(number, put(tombstone));
    expect((await store.reader.get('Observation', 'x'))?.deleted).toBe(true);
  });

  test('what is purged later was not missing', async () => {
    await apply(missing(entry(observation())), missing(inForce));
    await apply(purge(entry(observation())), purge(inForce));
    expect(await held()).toEqual({ patients: [] });
    expect(await store.reader.parked()).toEqual([]);
  });

  test('an entry leaves the index with its key, and a version with its own', async () => {
    await apply(put(entry(observation(60))));
    await apply(put(entry(observation(70), { version: 2 })), put(entry(observation(60)), true));
    expect(await rateOf(1)).toBe(60);
    await apply(purge(entry(observation(60)), true));
    expect([await rateOf(), await rateOf(1)]).toEqual([70, undefined]);
    await apply(purge(entry(observation())));
    expect(await store.reader.get('Observation', 'x')).toBeUndefined();
  });

  test('a denial whose Consent is missing comes into force with it', async () => {
    const deny = grant({ c1: ruleOf(), c2: ruleOf('deny') });
    const denial = entry(consent('deny'), { id: 'c2' });
    await apply(put(given), put(inForce));
    const number = await apply(missing(denial), put(deny));
    expect(await held()).toEqual({ patients: ['1'] });
    await come(number, put(denial), put(deny));
    expect(await rules()).toEqual([ruleOf(), ruleOf('deny')]);
    expect(await held()).toEqual({ patients: [] });
  });

  test('rules of a Consent that is missing wait, later blocks or not, and raise no alarm', async () => {
    const denial = entry(consent('deny'), { id: 'c2' });
    const number = await apply(missing(denial));
    await apply(put(grant({ c2: ruleOf('deny') })));
    expect(await rules()).toEqual([]);
    await lookAgain();
    await come(number, put(denial));
    expect(await rules()).toEqual([ruleOf('deny')]);
    expect([await held(), alarms]).toEqual([{ patients: [] }, []]);
  });

  test('rules that no Consent says are refused once nothing is missing that could', async () => {
    const number = await apply(missing(entry(observation())));
    await apply(put(grant({ nowhere: ruleOf() })));
    expect(alarms).toEqual([]);
    await come(number, put(entry(observation())));
    expect([await rules(), await held()]).toEqual([[], { patients: [] }]);
    expect(alarms).toEqual(['a grant contradicts its Consent']);
  });

  test('a Provenance waits for its targets', async () => {
    const provenance = entry(
      {
        resourceType: 'Provenance',
        target: [{ reference: 'Observation/x' }],
        recorded: '2026-01-01T00:00:00Z',
        agent: [{ who: { display: 'x' } }],
      },
      { id: 'p', section: 'other' },
    );
    const number = await apply(missing(entry(observation())));
    await apply(put(provenance));
    expect([await store.reader.get('Provenance', 'p'), alarms]).toEqual([undefined, []]);
    await come(number, put(entry(observation())));
    expect(await store.reader.get('Provenance', 'p')).toMatchObject({ patient: '1', deleted: false });
    expect(await held()).toEqual({ patients: [] });
  });

  test('what opens a record, or writes to the directory, holds nobody’s', async () => {
    await applyReading(['record/2'], missing({ ...record(), patient: '2' }));
    expect(await held()).toEqual({ patients: [] });
  });

  test('what is written to a record whose opening is missing may be about anyone', async () => {
    const opening = { keyHash: 'record/2', effect: 'missing' } as const;
    await applyReading(['record/2'], opening);
    const number = await applyReading(['record/2'], { keyHash: 'grant/2/*', effect: 'missing' });
    expect(await held()).toEqual({ patients: [], anyone: number });
  });

  test('where it can’t be told what a transaction read, what is missing of it may be about anyone', async () => {
    const number = await applyReading('unknown', missing(inForce));
    expect(await held()).toEqual({ patients: [], anyone: number });
  });

  test('what is left of an erased record is named, until its keys are purged', async () => {
    await apply(put(entry(observation())), put(given), put(inForce));
    await apply(put(record('erasing')));
    await apply(put(record('erased')), purge(given), purge(inForce));
    expect(await store.reader.erasedWithKeys()).toEqual(['1']);
    expect((await store.reader.recordKeys('1')).entries).toEqual([
      { type: 'Observation', id: 'x', versions: 1 },
    ]);
    await apply(purge(entry(observation())));
    expect(await store.reader.erasedWithKeys()).toEqual([]);
  });

  test('what comes late of an erased record is served to nobody, and named to be purged', async () => {
    const number = await apply(missing(entry(observation())));
    await apply(put(record('erased')));
    await come(number, put(entry(observation())));
    expect(await store.reader.erasedWithKeys()).toEqual(['1']);
    expect(await store.reader.get('Observation', 'x')).toBeUndefined();
  });
}
