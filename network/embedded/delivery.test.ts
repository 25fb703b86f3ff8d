import { createHash } from 'node:crypto';
import { readFileSync, existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
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

test('a delivery goes on with the blocks that come, and ends when it is told to', async () => {
  const me = await scene.enroll();
  const ledger = await scene.open();
  const stop = new AbortController();
  const seen: number[] = [];
  const done = (async () => {
    for await (const { number } of ledger.blocks(1, stop.signal)) {
      seen.push(number);
      if (number === 3) stop.abort();
    }
  })();
  for (const key of ['a', 'b', 'c']) await ledger.submit(me, [step({ do: 'put', key, value: '1' })]);
  await done;
  expect(seen).toEqual([1, 2, 3]);
  const idle = (async () => {
    for await (const { number } of ledger.blocks(100, new AbortController().signal)) seen.push(number);
  })();
  await ledger.close();
  await idle;
  expect(seen).toEqual([1, 2, 3]);
});

test('a purge removes every old value, from the file too; the blocks say that it was, and replay without it', async () => {
  const me = await scene.enroll();
  const ledger = await scene.open();
  const secrets = ['first-secret-value', 'second-secret-value', 'third-secret-value'];
  for (const secret of secrets) await ledger.submit(me, [step({ do: 'put', key: 'the-key', value: secret })]);
  await ledger.submit(me, [step({ do: 'delete', key: 'the-key' })]);
  await ledger.submit(me, [
    step({ do: 'put', key: 'the-key', value: 'x'.repeat(20_000) + 'fourth-secret-value' }),
  ]);
  await ledger.submit(me, [step({ do: 'put', key: 'other', value: 'stays' })]);
  const before = await readBlocks(ledger, 1);
  expect(before.flatMap(({ transactions }) => transactions[0]?.writes.map(({ effect }) => effect))).toEqual([
    'put', 'put', 'put', 'delete', 'put', 'put',
  ]); // prettier-ignore
  expect(before[0]?.transactions[0]?.writes[0]).toMatchObject({ key: 'the-key', keyHash: sha('the-key') });
  expect(Buffer.from(before[1]?.transactions[0]?.writes[0]?.value ?? []).toString()).toBe(secrets[1]);

  await ledger.submit(me, [step({ do: 'purge', key: 'the-key' })]);
  expect(await ledger.evaluate(me, read('the-key'))).toMatchObject(value(''));
  expect(await ledger.evaluate(me, read('other'))).toMatchObject(value('stays'));
  const after = await readBlocks(ledger, 1);
  const gone = { keyHash: sha('the-key'), effect: 'missing' };
  expect(after.map(({ transactions }) => transactions[0]?.writes[0])).toEqual([
    gone, gone, gone, { keyHash: sha('the-key'), effect: 'delete' }, gone,
    { key: 'other', keyHash: sha('other'), effect: 'put', value: expect.anything() },
    { keyHash: sha('the-key'), effect: 'purge' },
  ]); // prettier-ignore
  for (const file of [scene.file, `${scene.file}-wal`].filter(existsSync)) {
    const bytes = readFileSync(file);
    for (const trace of [...secrets, 'fourth-secret-value', 'xxxxxxxx', 'the-key']) {
      expect({ trace, file, found: bytes.includes(trace) }).toEqual({ trace, file, found: false });
    }
  }
  expect(verifyLedger(scene.file).problem).toBeUndefined();
  await ledger.submit(me, [step({ do: 'change', key: 'the-key', value: 'anew' })]);
  expect(await ledger.evaluate(me, read('the-key'))).toMatchObject(value('anew'));
  expect(verifyLedger(scene.file).problem).toBeUndefined();
});

test('a purge while someone else reads the file is finished with the next block after', async () => {
  const me = await scene.enroll();
  const ledger = await scene.open();
  await ledger.submit(me, [step({ do: 'put', key: 'a', value: 'a-secret-value' })]);
  const reader = new DatabaseSync(scene.file, { readOnly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM block').get();
  await ledger.submit(me, [step({ do: 'purge', key: 'a' })]);
  reader.close();
  await ledger.submit(me, [step({ do: 'put', key: 'b', value: '1' })]);
  for (const file of [scene.file, `${scene.file}-wal`].filter(existsSync)) {
    expect(readFileSync(file).includes('a-secret-value')).toBe(false);
  }
});

test('blocks carry hashes of private keys and values only', async () => {
  const me = await scene.enroll();
  const ledger = await scene.open();
  await ledger.submit(me, [step({ do: 'put', key: 'private-key', value: 'private-value' })]);
  await ledger.submit(me, [step({ do: 'putPublic', key: 'anchor', value: 'root' })]);
  await ledger.close();
  const db = new DatabaseSync(scene.file, { readOnly: true });
  const data = db
    .prepare('SELECT data FROM block ORDER BY number')
    .all()
    .map((row) => Buffer.from(row['data'] as Uint8Array).toString());
  db.close();
  expect(data[1]).toContain(createHash('sha256').update('private-value').digest('base64url'));
  expect(data.join()).not.toMatch(/private-key|private-value/);
  expect(data[2]).toContain('"anchor"');
});
