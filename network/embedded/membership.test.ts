import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { openLedger, verifyLedger } from '../index.ts';
import { step } from './testing/notebook.ts';
import { readBlocks, Scene } from './testing/scene.ts';

let scene: Scene;
beforeEach(() => {
  scene = new Scene();
});
afterEach(() => scene.remove());

test('an identity without certificate of a member’s CA, out of force, or with another’s key is refused', async () => {
  const me = await scene.enroll();
  const wallet = await scene.wallet();
  const ledger = await scene.open();
  const stored = (await wallet.get(me)) ?? fail();
  const submit = async (pseudonym: string, change: Partial<typeof stored>) => {
    await wallet.put({ ...stored, ...change, pseudonym });
    return ledger.submit({ mspId: change.mspId ?? stored.mspId, pseudonym }, [
      step({ do: 'put', key: 'a', value: '1' }),
    ]);
  };
  const refused = { code: 'BAD_IDENTITY' };
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  });
  await expect(ledger.submit({ mspId: 'HospitalMSP', pseudonym: 'nobody' }, [])).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  });
  await expect(
    ledger.submit({ mspId: 'HospitalMSP', pseudonym: 'nobody' }, [step({ do: 'delete', key: 'a' })]),
  ).rejects.toMatchObject(refused);
  await expect(submit('x', { privateKey: other.toString() })).rejects.toMatchObject(refused);
  await expect(submit('y', { mspId: 'OtherMSP' })).rejects.toMatchObject(refused);
  await expect(submit('z', { certificate: (await scene.authority()).certificate })).rejects.toMatchObject(
    refused,
  );
  await ledger.close();
  const later = await scene.open({}, { clock: () => Date.now() + 5 * 365 * 24 * 3600 * 1000 });
  await expect(later.submit(me, [step({ do: 'delete', key: 'a' })])).rejects.toMatchObject(refused);
  expect(await later.height()).toBe(1);
});

test('a new member is recorded; another signing key is refused; a lost key is told', async () => {
  await (await scene.open()).close();
  await (await scene.open()).close();
  const { certificate } = await scene.authority();
  const config = {
    engine: 'embedded' as const,
    file: scene.file,
    organisations: [
      { mspId: 'HospitalMSP', caCertificate: certificate },
      { mspId: 'LabMSP', caCertificate: certificate },
    ],
  };
  const deps = {
    identities: await scene.wallet(),
    contracts: [(await import('./testing/notebook.ts')).Notebook],
  };
  const signer = { file: join(scene.folder, 'ledger.key'), secret: 's' };
  const ledger = await openLedger({ ...config, signer }, deps);
  expect(await ledger.height()).toBe(2);
  expect((await readBlocks(ledger)).map(({ transactions }) => transactions)).toEqual([[], []]);
  await ledger.close();
  expect(verifyLedger(scene.file)).toEqual({ blocks: 2, transactions: 0, head: expect.anything() });
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  });
  await expect(openLedger({ ...config, signer: { privateKey: other.toString() } }, deps)).rejects.toThrow(
    'the ledger is signed with another key',
  );
  await expect(
    openLedger({ ...config, signer: { file: join(scene.folder, 'gone.key'), secret: 's' } }, deps),
  ).rejects.toThrow('the ledger’s signing key is not in'.replace('’', "'"));
  await expect(openLedger({ ...config, signer: { ...signer, secret: 'wrong' } }, deps)).rejects.toThrow(
    'the secret does not open',
  );
});

function fail(): never {
  throw new Error('not there');
}
