import { DatabaseSync } from 'node:sqlite';
import { verifyLedger } from '../index.ts';
import { read, step } from './testing/notebook.ts';
import { readBlocks, Scene } from './testing/scene.ts';

let scene: Scene;
beforeEach(() => {
  scene = new Scene();
});
afterEach(() => scene.remove());

const value = (text: string) => ({ value: text });

test('what was answered is there, with its place, and is there again after the ledger was opened again', async () => {
  const me = await scene.enroll();
  const ledger = await scene.open();
  const receipt = await ledger.submit(me, [step({ do: 'put', key: 'a', value: '1' })]);
  expect(receipt).toEqual({
    txId: expect.stringMatching(/^[0-9a-f]{64}$/),
    block: 1,
    transaction: 0,
    command: 0,
  });
  await ledger.close();
  const again = await scene.open();
  expect(await again.height()).toBe(2);
  expect(await again.evaluate(me, read('a'))).toMatchObject(value('1'));
  expect(await again.evaluate(me, read('b'))).toMatchObject(value(''));
});

test('lone commands of one identity that wait together share a transaction, each with an outcome of its own', async () => {
  const [me, other] = [await scene.enroll(), await scene.enroll()];
  const ledger = await scene.open();
  const results = await Promise.allSettled([
    ledger.submit(me, [step({ do: 'put', key: 'a', value: '1' })]),
    ledger.submit(me, [step({ do: 'fail', code: 'NOT_GRANTED' })]),
    ledger.submit(other, [step({ do: 'put', key: 'b', value: '2' })]),
    ledger.submit(me, [step({ do: 'change', key: 'a', was: '1', value: '3' })]),
  ]);
  expect(results).toMatchObject([
    { value: { block: 1, transaction: 0, command: 0 } },
    { reason: { name: 'LedgerError', code: 'NOT_GRANTED', index: 0 } },
    { value: { block: 1, transaction: 1, command: 0 } },
    { value: { block: 1, transaction: 0, command: 2 } },
  ]);
  const [, block] = await readBlocks(ledger);
  expect(block?.transactions.map(({ outcomes }) => outcomes)).toEqual([['OK', 'NOT_GRANTED', 'OK'], ['OK']]);
});

test('several commands are done all or not at all; the error names the first that failed', async () => {
  const me = await scene.enroll();
  const ledger = await scene.open();
  const done = ledger.submit(me, [
    step({ do: 'put', key: 'a', value: '1' }),
    step({ do: 'fail', code: 'STALE' }),
    step({ do: 'fail', code: 'FORBIDDEN' }),
  ]);
  await expect(done).rejects.toMatchObject({ code: 'STALE', index: 1 });
  expect(await ledger.evaluate(me, read('a'))).toMatchObject(value(''));
  expect(await ledger.height()).toBe(1);
});

test('a command that makes the shared transaction fail as a whole fails alone', async () => {
  const me = await scene.enroll();
  const ledger = await scene.open();
  const results = await Promise.allSettled([
    ledger.submit(me, [step({ do: 'put', key: 'a', value: '1' })]),
    ledger.submit(me, [step({ do: 'throw', message: 'ouch' })]),
    ledger.submit(me, [step({ do: 'throw', message: 'TOO_LARGE@0' })]),
    ledger.submit(me, [step({ do: 'put', key: 'b', value: '1' })]),
  ]);
  expect(results).toMatchObject([
    { status: 'fulfilled' },
    { reason: { code: 'INTERNAL', cause: { message: 'ouch' } } },
    { reason: { code: 'TOO_LARGE' } },
    { status: 'fulfilled' },
  ]);
});

test('transactions carry the client’s time', async () => {
  const me = await scene.enroll();
  const time = Date.now() + 12_345;
  const ledger = await scene.open({}, { clock: () => time });
  expect(await ledger.evaluate(me, read('a'))).toEqual({ value: '', time });
  await ledger.submit(me, [step({ do: 'put', key: 'a', value: '1' })]);
  expect((await readBlocks(ledger))[1]?.transactions[0]?.time).toBe(time);
});

test('a transaction that is too large is refused, and nothing of it is kept', async () => {
  const me = await scene.enroll();
  const ledger = await scene.open({ limits: { transactionBytes: 1000 } });
  const large = ledger.submit(me, [step({ do: 'put', key: 'a', value: 'x'.repeat(1001) })]);
  await expect(large).rejects.toMatchObject({ code: 'TOO_LARGE' });
  const small = ledger.submit(me, [step({ do: 'put', key: 'a', value: 'x'.repeat(500) })]);
  await expect(small).resolves.toMatchObject({ block: 1 });
});

test('a file that can’t be written refuses what waits, and goes on once it can', async () => {
  const me = await scene.enroll();
  const ledger = await scene.open();
  const other = new DatabaseSync(scene.file);
  other.exec('BEGIN IMMEDIATE');
  const put = () => ledger.submit(me, [step({ do: 'put', key: 'a', value: '1' })]);
  await expect(put()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  other.close();
  await expect(put()).resolves.toMatchObject({ block: 1 });
});

test('of two that have opened the same file, the one that is behind is refused, and harms nothing', async () => {
  const me = await scene.enroll();
  const [first, second] = [await scene.open(), await scene.open()];
  await first.submit(me, [step({ do: 'put', key: 'a', value: '1' })]);
  await expect(second.submit(me, [step({ do: 'put', key: 'a', value: '2' })])).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  });
  expect(await first.evaluate(me, read('a'))).toMatchObject(value('1'));
  expect(verifyLedger(scene.file)).toEqual({ blocks: 2, transactions: 1, head: expect.anything() });
});

test('who still waits when the ledger is closed is told; who was answered was not answered in vain', async () => {
  const me = await scene.enroll();
  const ledger = await scene.open();
  const first = ledger.submit(me, [step({ do: 'put', key: 'a', value: '1' })]);
  const closed = ledger.close();
  await Promise.allSettled([first]);
  await closed;
  await expect(ledger.submit(me, [step({ do: 'put', key: 'a', value: '1' })])).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  });
  await expect(ledger.evaluate(me, read('a'))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});
