import { createHash } from 'node:crypto';
import { verifyLedger } from '../index.ts';
import { read, step } from './testing/notebook.ts';
import { readBlocks, Scene } from './testing/scene.ts';

let scene: Scene;
beforeEach(() => {
  scene = new Scene();
});
afterEach(() => scene.remove());

const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const value = (text: string) => ({ value: text });

test('of two that changed what both had read, the first wins; the later is run again on what it left', async () => {
  const people = [];
  for (let i = 0; i < 6; i += 1) people.push(await scene.enroll());
  const ledger = await scene.open();
  await Promise.all(
    people.map((who, i) => ledger.submit(who, [step({ do: 'append', key: 'a', value: String(i) })])),
  );
  const { value: held } = (await ledger.evaluate(people[0] ?? fail(), read('a'))) as { value: string };
  expect([...held].sort().join('')).toBe('012345');
  const blocks = await readBlocks(ledger);
  expect(blocks[1]?.transactions.map(({ valid }) => valid)).toEqual([
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
  expect(blocks[1]?.transactions.slice(1).flatMap(({ writes }) => writes)).toEqual([]);
  expect(verifyLedger(scene.file).problem).toBeUndefined();
});

test('two that create the same absent key: one is told that it came too late', async () => {
  const [one, two] = [await scene.enroll(), await scene.enroll()];
  const ledger = await scene.open();
  const results = await Promise.allSettled([
    ledger.submit(one, [step({ do: 'change', key: 'a', value: '1' })]),
    ledger.submit(two, [step({ do: 'change', key: 'a', value: '2' })]),
  ]);
  expect(results).toMatchObject([{ status: 'fulfilled' }, { reason: { code: 'STALE' } }]);
});

test('a conflict that does not pass ends in CONFLICT; one that passes is not seen by the caller', async () => {
  const me = await scene.enroll();
  let conflicts = 3;
  const ledger = await scene.open({ limits: { attempts: 4 }, faults: { conflict: () => conflicts-- > 0 } });
  await expect(ledger.submit(me, [step({ do: 'put', key: 'a', value: '1' })])).resolves.toMatchObject({
    block: 4,
  });
  conflicts = 4;
  await expect(ledger.submit(me, [step({ do: 'put', key: 'a', value: '2' })])).rejects.toMatchObject({
    code: 'CONFLICT',
  });
});

test('endorsements that differ, and private data that is late, are tried again, but not for ever', async () => {
  const me = await scene.enroll();
  let mismatches = 2;
  let late = 2;
  const ledger = await scene.open({
    limits: { attempts: 5 },
    faults: { mismatch: () => mismatches-- > 0, missing: () => late-- > 0 },
  });
  await ledger.submit(me, [step({ do: 'append', key: 'a', value: '1' })]);
  mismatches = 9;
  await expect(ledger.submit(me, [step({ do: 'put', key: 'a', value: '' + 2 })])).rejects.toMatchObject({
    code: 'CONFLICT',
  });
  mismatches = 0;
  late = 9;
  await expect(ledger.submit(me, [step({ do: 'append', key: 'a', value: '2' })])).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  });
  late = 2;
  expect(await ledger.evaluate(me, read('a'))).toMatchObject(value('1'));
  late = 1;
  const last = (await ledger.height()) - 1;
  expect((await readBlocks(ledger, last))[0]?.transactions[0]?.writes).toEqual([
    { keyHash: sha('a'), effect: 'missing' },
  ]);
  expect((await readBlocks(ledger, last))[0]?.transactions[0]?.writes[0]?.effect).toBe('put');
});

test('a transaction id is taken once', async () => {
  const me = await scene.enroll();
  const fixed = { random: (n: number) => new Uint8Array(n) };
  const ledger = await scene.open({ limits: { attempts: 2 } }, fixed);
  await ledger.submit(me, [step({ do: 'put', key: 'a', value: '1' })]);
  await expect(ledger.submit(me, [step({ do: 'put', key: 'a', value: '2' })])).rejects.toMatchObject({
    code: 'CONFLICT',
  });
  // Two in one block: the second is recorded as a duplicate.
  await ledger.close();
  let draw = 0;
  const pairs = { random: (n: number) => new Uint8Array(n).fill(n === 24 ? 1 + (draw++ >> 1) : 0) };
  const again = await scene.open({ limits: { attempts: 2 } }, pairs);
  await Promise.all([
    again.submit(me, [step({ do: 'put', key: 'a', value: '3' }), step({ do: 'put', key: 'b', value: '3' })]),
    again.submit(me, [step({ do: 'put', key: 'c', value: '4' }), step({ do: 'put', key: 'd', value: '4' })]),
  ]);
  expect(
    (await readBlocks(again, 2)).map(({ transactions }) => transactions.map(({ valid }) => valid)),
  ).toEqual([[true, false], [true]]);
  expect(verifyLedger(scene.file)).toEqual({ blocks: 4, transactions: 4, head: expect.anything() });
});

function fail(): never {
  throw new Error('not there');
}
