import { DatabaseSync } from 'node:sqlite';
import { generateKeyPairSync } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import type { Receipt } from '@fhir-fabric-gateway/chaincode/api';
import { showTransaction, verifyLedger } from '../index.ts';
import { step } from './testing/notebook.ts';
import { Scene } from './testing/scene.ts';

/** A ledger of blocks 0 (configuration) to 6, closed: key1..key4 put, key2 deleted, key3 purged, an anchor. */
let scene: Scene;
let receipts: Receipt[];

beforeEach(async () => {
  scene = new Scene();
  const me = await scene.enroll();
  const ledger = await scene.open();
  receipts = [];
  for (const steps of [
    [step({ do: 'put', key: 'key1', value: 'value1' }), step({ do: 'put', key: 'key2', value: 'value2' })],
    [
      step({ do: 'put', key: 'key3', value: 'value3' }),
      step({ do: 'putPublic', key: 'anchor', value: 'root' }),
    ],
    [step({ do: 'append', key: 'key1', value: 'again' })],
    [step({ do: 'delete', key: 'key2' })],
    [step({ do: 'purge', key: 'key3' })],
    [step({ do: 'append', key: 'key1', value: 'last' })],
  ]) {
    receipts.push(await ledger.submit(me, steps));
  }
  await ledger.close();
});
afterEach(() => scene.remove());

function change(sql: string): void {
  const db = new DatabaseSync(scene.file);
  expect(db.prepare(sql).run().changes).toBeGreaterThan(0);
  db.close();
}

/** SQL that flips one bit of the byte at `place` of a column. */
function flip(table: string, column: string, where: string, place = 40): void {
  const db = new DatabaseSync(scene.file);
  const found = db.prepare(`SELECT ${column} AS bytes FROM ${table} WHERE ${where}`).get()?.['bytes'];
  const bytes = Buffer.from(found as Uint8Array);
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  db.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${where}`).run(bytes);
  db.close();
}

test('a ledger that nobody touched holds', () => {
  expect(verifyLedger(scene.file)).toEqual({ blocks: 7, transactions: 6, head: expect.anything() });
});

test.each<[string, number, () => void]>([
  ['a byte of a block’s data', 3, () => flip('block', 'data', 'number = 3', 500)],
  ['a byte of the first block', 0, () => flip('block', 'data', 'number = 0', 50)],
  ['a block’s signature', 5, () => flip('block', 'signature', 'number = 5', 20)],
  ['the hash of the block before', 4, () => change("UPDATE block SET previous_hash = 'x' WHERE number = 4")],
  ['the hash of the data', 2, () => change("UPDATE block SET data_hash = 'x' WHERE number = 2")],
  ['the number of the configuration', 2, () => change('UPDATE block SET config = 1 WHERE number = 2')],
  ['where private values begin', 3, () => change('UPDATE block SET first_private = 1 WHERE number = 3')],
  ['a block taken out', 3, () => change('DELETE FROM block WHERE number = 3')],
  ['a private value', 1, () => flip('private_data', 'value', "key = 'key2' AND previous IS NULL", 2)],
  [
    'a superseded private value',
    1,
    () => flip('private_data', 'value', "key = 'key1' AND previous IS NULL", 2),
  ],
  ['a private key', 1, () => change("UPDATE private_data SET key = 'key9' WHERE key = 'key2'")],
  [
    'a private value taken out',
    1,
    () => change("DELETE FROM private_data WHERE key = 'key1' AND previous IS NULL"),
  ],
  [
    'a link to the value before',
    3,
    () => change('UPDATE private_data SET previous = NULL WHERE previous = 1'),
  ],
  [
    'a private value without a block',
    6,
    () => change("INSERT INTO private_data (id, key) VALUES (999, 'x')"),
  ],
  [
    'a purged value put back',
    5,
    () => change("INSERT INTO private_data (id, key, value) VALUES (3, 'key3', x'76616c756533')"),
  ],
  [
    'the state, put back to an older value',
    6,
    () => change("UPDATE private_state SET data = 1 WHERE key = 'key1'"),
  ],
  ['the state, with a key of its own', 2, () => change("INSERT INTO private_state VALUES ('x', 2, 0, 1, 1)")],
  ['the state, with a key taken out', 4, () => change("DELETE FROM private_state WHERE key = 'key2'")],
  [
    'a deleted key, present again',
    4,
    () => change("UPDATE private_state SET present = 1 WHERE key = 'key2'"),
  ],
  ['the public state', 2, () => change("UPDATE public_state SET value = x'00'")],
  ['the public state taken out', 2, () => change('DELETE FROM public_state')],
  ['the index of transactions', 4, () => change('UPDATE tx SET block = 2 WHERE block = 4')],
  ['a transaction taken out of the index', 4, () => change('DELETE FROM tx WHERE block = 4')],
  ['a transaction of its own in the index', 6, () => change("INSERT INTO tx VALUES (x'00', 1, 0)")],
])('verification finds %s, in block %i', (_what, block, tamper) => {
  tamper();
  const { problem, blocks } = verifyLedger(scene.file);
  expect(problem).toMatchObject({ block, what: expect.stringMatching(/./) });
  expect(blocks).toBeLessThanOrEqual(7);
});

test('private data that a block hash covers is found when the file’s own bytes are changed', () => {
  const bytes = readFileSync(scene.file);
  const places = [bytes.indexOf('value1again'), bytes.indexOf('value1againlast')];
  for (const place of places) {
    expect(place).toBeGreaterThan(0);
    flipInFile(place);
    expect(verifyLedger(scene.file).problem).toBeDefined();
    flipInFile(place);
    expect(verifyLedger(scene.file).problem).toBeUndefined();
  }
});

test('a whole chain made by someone else holds in itself, but not against the key that must have signed', async () => {
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
    type: 'spki',
    format: 'pem',
  });
  expect(verifyLedger(scene.file, { signer: other.toString() }).problem).toEqual({
    block: 0,
    what: 'the signature is wrong',
  });
});

test('verification and show work on a ledger that is open, and show tells what a transaction did', async () => {
  await scene.open();
  expect(verifyLedger(scene.file).blocks).toBe(7);
  const [first] = receipts;
  expect(showTransaction(scene.file, first?.txId ?? '')).toMatchObject({
    block: 1,
    index: 0,
    transaction: {
      code: 'VALID',
      proposal: { fn: 'Commit', args: ['atomic'] },
      set: { privateWrites: [{}, {}] },
    },
  });
  expect(showTransaction(scene.file, '00')).toBeUndefined();
});

test('a file that is no ledger is told apart from one that does not hold', () => {
  const file = `${scene.folder}/wallet.db`;
  expect(() => verifyLedger(file)).toThrow(`${file} is not a ledger`);
  expect(() => verifyLedger(`${scene.folder}/none.db`)).toThrow();
});

function flipInFile(place: number): void {
  const file = openSync(scene.file, 'r+');
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, place);
  writeSync(file, Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, place);
  closeSync(file);
}
