import { generateKeyPairSync } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { IdentityRef } from '@fhir-fabric-gateway/chaincode/api';
import { signerRecord, verifyLedger } from '../index.ts';
import { headerHash, openData, sealBlock } from './block.ts';
import { BlockStore } from './block-store.ts';
import { step } from './testing/notebook.ts';
import { Scene } from './testing/scene.ts';

/** A signer and a head outside the ledger's file: what a whole chain that someone made anew, or cut, is told by. */
let scene: Scene;
let me: IdentityRef;
let signerFile: string;

beforeEach(async () => {
  scene = new Scene();
  me = await scene.enroll();
  signerFile = join(scene.folder, 'ledger.key');
});
afterEach(() => scene.remove());

/** Opens the ledger, writes so many blocks, and closes it. */
async function write(blocks: number): Promise<void> {
  const ledger = await scene.open();
  for (let at = 0; at < blocks; at += 1)
    await ledger.submit(me, [step({ do: 'append', key: `key${at}`, value: 'x' })]);
  await ledger.close();
}

const verify = () => {
  const { signer = '', head } = signerRecord(signerFile);
  return verifyLedger(scene.file, { signer, heads: head ? [head] : [] });
};

/** Changes one private value, and signs the whole chain again with a key of the forger's own. */
function signAgain(): string {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const db = new DatabaseSync(scene.file);
  const blocks = new BlockStore(db);
  let previousHash = '';
  for (let number = 0; number < blocks.height(); number += 1) {
    const stored = blocks.read(number);
    if (!stored) throw new Error('no block');
    const data = openData(stored.data);
    const changed = data.config ? { ...data, config: { ...data.config, signer } } : data;
    const {
      header,
      data: bytes,
      signature,
    } = sealBlock(changed, { number, previousHash, config: stored.header.config }, privateKey);
    db.prepare(
      'UPDATE block SET previous_hash = ?, data_hash = ?, signature = ?, data = ? WHERE number = ?',
    ).run(header.previousHash, header.dataHash, signature, bytes, number);
    previousHash = headerHash(header);
  }
  db.close();
  return signer;
}

test('the public key and the last block are recorded in clear, beside a key that is not', async () => {
  await write(3);
  const { signer, head } = signerRecord(signerFile);
  expect(signer).toMatch(/^-----BEGIN PUBLIC KEY-----/);
  expect(verifyLedger(scene.file)).toMatchObject({ blocks: 4, head });
  expect(verify()).toEqual({ blocks: 4, transactions: 3, head });
  expect(readFileSync(signerFile, 'utf8')).not.toContain('PRIVATE');
  expect(statSync(signerFile).mode & 0o777).toBe(0o600);
  expect(readdirSync(scene.folder).filter((name) => name.endsWith('.new'))).toEqual([]);
});

test('a whole chain signed again with another key holds in itself, and not against the signer', async () => {
  await write(3);
  const forged = signAgain();
  expect(verifyLedger(scene.file).problem).toBeUndefined();
  expect(verifyLedger(scene.file, { signer: forged }).problem).toBeUndefined();
  expect(verify().problem).toEqual({ block: 0, what: 'the signature is wrong' });
  await expect(scene.open()).rejects.toThrow('was cut off or replaced');
});

test('last blocks cut off with all they wrote are missed, by verification and by who opens the ledger', async () => {
  await write(2);
  const older = join(scene.folder, 'older.db');
  copyFileSync(scene.file, older);
  const { head } = signerRecord(signerFile);
  await write(2);
  for (const name of ['', '-wal', '-shm']) rmSync(scene.file + name, { force: true });
  copyFileSync(older, scene.file);
  expect(verifyLedger(scene.file)).toMatchObject({ blocks: 3, head });
  expect(verify()).toMatchObject({
    blocks: 3,
    problem: { block: 3, what: 'the chain ends before block 4, which was recorded' },
  });
  const before = readFileSync(signerFile, 'utf8');
  await expect(scene.open()).rejects.toThrow(`the ledger does not have block 4 as ${signerFile}`);
  expect(readFileSync(signerFile, 'utf8')).toBe(before);
});

test('another chain of the same key is told by the block that was recorded', async () => {
  await write(2);
  const { signer = '', head } = signerRecord(signerFile);
  const other = { number: head?.number ?? 0, hash: 'x'.repeat(43) };
  expect(verifyLedger(scene.file, { signer, heads: [other] }).problem).toEqual({
    block: 2,
    what: 'it is another block than the one that was recorded',
  });
});

test('a record that lags, as after a crash, fails nobody, and is brought up when the ledger is opened', async () => {
  await write(1);
  const lagging = readFileSync(signerFile);
  await write(2);
  writeFileSync(signerFile, lagging);
  expect(verify()).toMatchObject({ blocks: 4 });
  expect(verify().problem).toBeUndefined();
  const ledger = await scene.open();
  expect(signerRecord(signerFile).head?.number).toBe(3);
  await ledger.close();
});

test('on a ledger that stays open it is recorded every few hundred blocks', async () => {
  const ledger = await scene.open();
  for (let at = 0; at < 260; at += 1)
    await ledger.submit(me, [step({ do: 'put', key: 'a', value: String(at) })]);
  const stop = Date.now() + 60_000;
  while ((signerRecord(signerFile).head?.number ?? 0) < 256 && Date.now() < stop)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(signerRecord(signerFile).head?.number).toBeGreaterThanOrEqual(256);
  expect(verify().problem).toBeUndefined();
  await ledger.close();
});

test('a file of the sealed key alone, as older ledgers have it, gets signer and head when it is opened', async () => {
  await write(1);
  const { sealed } = JSON.parse(readFileSync(signerFile, 'utf8')) as { sealed: string };
  writeFileSync(signerFile, `${sealed}\n`);
  expect(signerRecord(signerFile)).toEqual({});
  await write(0);
  expect(signerRecord(signerFile)).toMatchObject({
    signer: expect.stringMatching(/PUBLIC/),
    head: { number: 1 },
  });
  expect(verify().problem).toBeUndefined();
});

test('a signer’s file that names another key, or is none, is refused', async () => {
  await write(1);
  const content = JSON.parse(readFileSync(signerFile, 'utf8')) as object;
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = publicKey.export({ type: 'spki', format: 'pem' });
  writeFileSync(signerFile, JSON.stringify({ ...content, signer }));
  await expect(scene.open()).rejects.toThrow('is not that of its private key');
  for (const text of ['{', '{}', '[]', '', '{"sealed":"x","head":{"number":-1}}']) {
    writeFileSync(signerFile, text);
    await expect(scene.open()).rejects.toThrow(`${signerFile} is no file of a signer`);
    expect(() => signerRecord(signerFile)).toThrow(`${signerFile} is no file of a signer`);
  }
  expect(() => verifyLedger(scene.file, { signer: 'no key' })).toThrow('the signer is no public key');
  expect(existsSync(scene.file)).toBe(true);
});
