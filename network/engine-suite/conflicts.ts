import type { IdentityRef } from '@fhir-fabric-gateway/chaincode/api';
import { assets, create, entry, newId, update } from './commands.ts';
import { newRecord } from './people.ts';
import type { Stage } from './suite.ts';

/** Several who write the same at the same time. */
export function conflictTests(stage: Stage): void {
  /** So many systems of the hospital. */
  async function systems(count: number): Promise<IdentityRef[]> {
    const { hospital } = stage.engine;
    const refs: IdentityRef[] = [];
    for (let at = 0; at < count; at += 1) refs.push(await hospital.enroll('system'));
    const accounts = refs.map(
      (ref) => ({ kind: 'identity', ...ref, role: 'system', status: 'active' }) as const,
    );
    await hospital.ledger.submit(stage.people.hr, [assets(...accounts)]);
    return refs;
  }

  test('of those who change one version at once the first wins; the others learn that it is stale', async () => {
    const { ledger } = stage.engine.hospital;
    const patient = await newRecord(stage.engine.hospital, stage.people);
    const id = newId();
    await ledger.submit(stage.people.system, [create(entry(patient, 'Flag', id))]);
    const writers = await systems(4);
    const results = await Promise.allSettled(
      writers.map((who) => ledger.submit(who, [update(entry(patient, 'Flag', id, { version: 1 }))])),
    );
    const outcomes = results.map((result) =>
      result.status === 'fulfilled' ? 'OK' : (result.reason as { code: string }).code,
    );
    expect(outcomes.sort()).toEqual(['OK', 'STALE', 'STALE', 'STALE']);
  });

  test('of those who change whatever version there is nobody is refused, and nothing is lost', async () => {
    const { ledger } = stage.engine.hospital;
    const { system } = stage.people;
    const patient = await newRecord(stage.engine.hospital, stage.people);
    const id = newId();
    await ledger.submit(system, [create(entry(patient, 'Flag', id))]);
    const writers = await systems(4);
    await Promise.all(
      writers.map((who, at) =>
        ledger.submit(who, [update(entry(patient, 'Flag', id, { content: Buffer.from(`by ${at}`) }))]),
      ),
    );
    const history = (await ledger.evaluate(system, { fn: 'GetAssetHistory', type: 'Flag', id })) as {
      version: number;
      content: { data: string };
    }[];
    expect(history.map(({ version }) => version)).toEqual([5, 4, 3, 2, 1]);
    const contents = history.slice(0, 4).map(({ content }) => Buffer.from(content.data, 'base64').toString());
    expect(contents.sort()).toEqual(['by 0', 'by 1', 'by 2', 'by 3']);
  });

  test('two that take the same id, or the same unique criteria, at once: one has it', async () => {
    const { ledger } = stage.engine.hospital;
    const patient = await newRecord(stage.engine.hospital, stage.people);
    const [one, two] = await systems(2);
    if (!one || !two) throw new Error('no writers');
    const id = newId();
    const unique = [`identifier=${newId()}`];
    const sameId = await Promise.allSettled(
      [one, two].map((who) => ledger.submit(who, [create(entry(patient, 'Flag', id))])),
    );
    const sameCriteria = await Promise.allSettled(
      [one, two].map((who) => ledger.submit(who, [create(entry(patient, 'Flag', newId(), { unique }))])),
    );
    const codes = (results: PromiseSettledResult<unknown>[]) =>
      results
        .map((result) => (result.status === 'fulfilled' ? 'OK' : (result.reason as { code: string }).code))
        .sort();
    expect(codes(sameId)).toEqual(['EXISTS', 'OK']);
    expect(codes(sameCriteria)).toEqual(['NOT_UNIQUE', 'OK']);
  });

  test('one that conflicts does not keep those who share its transaction from being done', async () => {
    const { ledger } = stage.engine.hospital;
    const { system } = stage.people;
    const patient = await newRecord(stage.engine.hospital, stage.people);
    const hot = newId();
    await ledger.submit(system, [create(entry(patient, 'Flag', hot))]);
    const [rival] = await systems(1);
    if (!rival) throw new Error('no writer');
    const change = (who: IdentityRef) => ledger.submit(who, [update(entry(patient, 'Flag', hot))]);
    await Promise.all([
      change(rival),
      ...Array.from({ length: 30 }, (_, at) =>
        at === 15 ? change(system) : ledger.submit(system, [create(entry(patient, 'Flag', newId()))]),
      ),
      change(rival),
    ]);
    expect(await ledger.evaluate(system, { fn: 'GetAssetHistory', type: 'Flag', id: hot })).toHaveLength(4);
  });
}
