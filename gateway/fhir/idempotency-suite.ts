import { AuditTrail } from '../audit/trail.ts';
import { once, openAnswerStore, type AnswerStore } from './idempotency.ts';
import type { FhirRequest, FhirResponse } from './request.ts';
import { Accepted } from './write/submit.ts';

const HOUR = 3600 * 1000;
const NOON = 1_767_225_600_000;

const request = (changes: Partial<FhirRequest> = {}, family = 'Once'): FhirRequest => ({
  query: [],
  body: { resource: { resourceType: 'Bundle', type: 'transaction', name: family } },
  idempotencyKey: 'k1',
  prefer: { lenient: false },
  principal: {
    identity: { mspId: 'HospitalMSP', pseudonym: 's-1' },
    requester: { role: 'system' },
    ...{ scopes: [], purpose: 'TREAT', client: 'hospital-system', display: 'System', tokenId: 't' },
  },
  now: NOON,
  requestId: 'r',
  trail: new AuditTrail(),
  ...changes,
});

const written = (id: string): FhirResponse => ({
  status: 200,
  headers: {},
  body: JSON.stringify({ entry: [{ response: { location: id }, resource: { id, name: 'Content' } }] }),
});

/** Work that goes on until it is told how to end. */
function underWay() {
  let begun = 0;
  let end: (response: FhirResponse) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const ended = new Promise<FhirResponse>((resolve, reject) => {
    [end, fail] = [resolve, reject];
  });
  const work = (): Promise<FhirResponse> => {
    begun += 1;
    return ended;
  };
  return {
    work,
    begun: () => begun,
    end: (id: string) => end(written(id)),
    fail: () => fail(new Error('no')),
  };
}

const never = (): Promise<FhirResponse> => Promise.reject(new Error('it was done twice'));
const textOf = ({ body }: FhirResponse): string => Buffer.from(body ?? '').toString();
const REFUSED = { status: 409, headers: { 'Retry-After': '1' } };

/** Idempotency-Keys on a database of each engine: `newDatabase` answers the URL of a new one. */
export function idempotencySuite(newDatabase: () => Promise<string>): void {
  let one: AnswerStore;
  let other: AnswerStore;
  beforeEach(async () => {
    const url = await newDatabase();
    [one, other] = [await openAnswerStore(url), await openAnswerStore(url)];
  });
  afterEach(async () => {
    await one.close();
    await other.close();
  });

  test('the same request at another replica gets the first one’s answer, without what was written', async () => {
    expect(textOf(await once(request(), one, async () => written('Patient/1')))).toContain('Content');
    const again = await once(request({ now: NOON + HOUR }), other, never);
    expect(again.status).toBe(200);
    expect(JSON.parse(textOf(again))).toEqual({ entry: [{ response: { location: 'Patient/1' } }] });
  });

  test('the key with another body is refused, and another’s key of the same name is another key', async () => {
    await once(request(), one, async () => written('Patient/1'));
    await expect(once(request({}, 'Other'), other, never)).rejects.toMatchObject({ status: 422 });
    const { principal } = request();
    for (const changes of [
      { idempotencyKey: 'k2' },
      { principal: { ...principal, client: 'lab-system' } },
      { principal: { ...principal, identity: { mspId: 'LabMSP', pseudonym: 's-1' } } },
    ]) {
      expect(textOf(await once(request(changes), other, async () => written('Patient/2')))).toContain('/2');
    }
  });

  test('a key that arrives at two replicas at once is worked on once: the second is told to try again', async () => {
    const { work, begun, end } = underWay();
    const all = [one, other, one, other].map((store) => once(request(), store, work));
    let refused = 0;
    const outcomes = all.map((each) =>
      each.catch((error: unknown) => {
        refused += 1;
        return error;
      }),
    );
    while (begun() === 0 || refused < 3) await new Promise(setImmediate);
    const refusals = await Promise.all([
      expect(once(request(), one, never)).rejects.toMatchObject(REFUSED),
      expect(once(request(), other, never)).rejects.toMatchObject(REFUSED),
      expect(once(request({}, 'Other'), other, never)).rejects.toMatchObject({ status: 422 }),
    ]);
    expect(refusals).toHaveLength(3);
    end('Patient/1');
    const settled = await Promise.all(outcomes);
    expect(begun()).toBe(1);
    expect(settled.filter((outcome) => !(outcome instanceof Error))).toHaveLength(1);
    expect(textOf(await once(request(), other, never))).toContain('Patient/1');
  });

  test('what failed may be tried again, and does not free the key of who tries it', async () => {
    const first = underWay();
    const failing = once(request(), one, first.work);
    while (first.begun() === 0) await new Promise(setImmediate);
    first.fail();
    await expect(failing).rejects.toThrow('no');
    const second = underWay();
    const trying = once(request({ now: NOON + 1 }), other, second.work);
    while (second.begun() === 0) await new Promise(setImmediate);
    await expect(once(request({ now: NOON + 2 }), one, never)).rejects.toMatchObject(REFUSED);
    second.end('Patient/3');
    expect(textOf(await trying)).toContain('Patient/3');
  });

  test('what is committed is not begun again', async () => {
    const accepted = new Accepted(true, 'there');
    await expect(once(request(), one, () => Promise.reject(accepted))).rejects.toBe(accepted);
    const again = await once(request({ now: NOON + 1 }), other, never);
    expect([again.status, textOf(again)]).toEqual([202, expect.stringContaining('committed')]);
  });

  test('what was handed to the ledger, and may be lost, can be sent again', async () => {
    const accepted = new Accepted(false, 'there');
    await expect(once(request(), one, () => Promise.reject(accepted))).rejects.toBe(accepted);
    const again = await once(request({ now: NOON + 1 }), other, async () => written('Patient/5'));
    expect(textOf(again)).toContain('Patient/5');
  });

  test('a request lost with its process frees its key, and keeps the answer that comes after all', async () => {
    const lost = underWay();
    const late = once(request(), one, lost.work);
    while (lost.begun() === 0) await new Promise(setImmediate);
    const refused = once(request({ now: NOON + HOUR }), other, () =>
      Promise.reject(new Error('the ledger has it already')),
    );
    await expect(refused).rejects.toThrow('already');
    lost.end('Patient/4');
    await late;
    expect(textOf(await once(request({ now: NOON + HOUR }), other, never))).toContain('Patient/4');
  });

  test('an answer is kept for a day', async () => {
    await once(request(), one, async () => written('Patient/1'));
    expect(textOf(await once(request({ now: NOON + 23 * HOUR }), other, never))).toContain('/1');
    const next = await once(request({ now: NOON + 25 * HOUR }), other, async () => written('Patient/2'));
    expect(textOf(next)).toContain('/2');
  });

  test.each(['', 'with blank', 'ä', 'x'.repeat(256)])('%j is no key', async (idempotencyKey) => {
    await expect(once(request({ idempotencyKey }), one, never)).rejects.toMatchObject({ status: 400 });
  });

  test('without a key everything is done each time', async () => {
    const { idempotencyKey: _none, ...plain } = request();
    for (const id of ['Patient/1', 'Patient/2'])
      expect(textOf(await once(plain, one, async () => written(id)))).toContain(id);
  });
}
