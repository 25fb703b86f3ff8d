import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority, openWallet, WrongSecretError } from '../index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'identities-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('the chaincode reads role and subject from an enrolled certificate as from one of Fabric CA', async () => {
  const authority = await createAuthority({ mspId: 'HospitalMSP', file: join(folder, 'ca.db'), secret: 's' });
  const identity = await authority.enroll({ role: 'doctor' });
  const { ClientIdentity } = createRequire(import.meta.url)('fabric-shim');
  const client = new ClientIdentity({
    getChannelID: () => 'ehr',
    getTxID: () => 'a'.repeat(64),
    getCreator: () => ({ mspid: identity.mspId, idBytes: Buffer.from(identity.certificate) }),
  });
  expect(client.getAttributeValue('role')).toBe('doctor');
  expect(client.getAttributeValue('subject')).toBe(identity.pseudonym);
  expect(client.getMSPID()).toBe('HospitalMSP');
  expect(client.getID()).toBe(`x509::/CN=${identity.pseudonym}/OU=client::/CN=ca.HospitalMSP/O=HospitalMSP`);
  authority.close();
});

test('a certificate is issued by the organisation, signs and is no CA, and names nothing but a random pseudonym', async () => {
  const authority = await createAuthority({ mspId: 'HospitalMSP', file: join(folder, 'ca.db'), secret: 's' });
  const identity = await authority.enroll({ role: 'patient' });
  const other = await authority.enroll({ role: 'patient' });
  const root = new X509Certificate(authority.certificate);
  const certificate = new X509Certificate(identity.certificate);
  expect(certificate.checkIssued(root) && certificate.verify(root.publicKey)).toBe(true);
  expect([root.ca, certificate.ca]).toEqual([true, false]);
  expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  expect(certificate.subject).toBe(`CN=${identity.pseudonym}\nOU=client`);
  expect(Buffer.from(identity.pseudonym, 'base64url')).toHaveLength(16);
  expect(other.pseudonym).not.toBe(identity.pseudonym);
  authority.close();
});

test('an authority opened again has the same root; a pseudonym enrolled again gets a new key', async () => {
  const options = { mspId: 'HospitalMSP', file: join(folder, 'ca.db'), secret: 's' };
  const first = await createAuthority(options);
  const identity = await first.enroll({ role: 'lab' });
  first.close();
  const second = await createAuthority(options);
  expect(second.certificate).toBe(first.certificate);
  const renewed = await second.enroll({ role: 'lab', pseudonym: identity.pseudonym });
  expect(renewed.pseudonym).toBe(identity.pseudonym);
  expect(renewed.privateKey).not.toBe(identity.privateKey);
  expect(
    new X509Certificate(renewed.certificate).verify(new X509Certificate(first.certificate).publicKey),
  ).toBe(true);
  second.close();
});

test('a wallet gives back what was put into it, after it was opened again, and lists and removes it', async () => {
  const file = join(folder, 'wallet.db');
  const authority = await createAuthority({ mspId: 'HospitalMSP', file, secret: 's' });
  const identity = await authority.enroll({ role: 'doctor' });
  const wallet = await openWallet({ file, secret: 's' });
  await wallet.put(identity);
  wallet.close();
  const again = await openWallet({ file, secret: 's' });
  expect(await again.get(identity)).toEqual(identity);
  const ref = { mspId: identity.mspId, pseudonym: identity.pseudonym };
  expect(await again.list()).toEqual([ref]);
  expect(await again.list('LabMSP')).toEqual([]);
  expect(await again.get({ mspId: 'LabMSP', pseudonym: identity.pseudonym })).toBeUndefined();
  expect([await again.remove(ref), await again.remove(ref)]).toEqual([true, false]);
  expect(await again.get(ref)).toBeUndefined();
  again.close();
  authority.close();
});

test('private keys are not in the file in the clear, and another secret opens nothing', async () => {
  const file = join(folder, 'wallet.db');
  const authority = await createAuthority({ mspId: 'HospitalMSP', file, secret: 's' });
  const identity = await authority.enroll({ role: 'doctor' });
  const wallet = await openWallet({ file, secret: 's' });
  await wallet.put(identity);
  wallet.close();
  authority.close();
  const der = Buffer.from(identity.privateKey.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64');
  const stored = readFileSync(file);
  // The private scalar follows the fixed beginning of a PKCS #8 key on P-256.
  expect(stored.includes(der.subarray(36, 68))).toBe(false);
  expect(stored.includes('PRIVATE KEY')).toBe(false);
  await expect(openWallet({ file, secret: 'other' })).rejects.toThrow(WrongSecretError);
  await expect(openWallet({ file, secret: 'other' })).rejects.toThrow(`the secret does not open ${file}`);
  await expect(createAuthority({ mspId: 'HospitalMSP', file, secret: 'other' })).rejects.toThrow(
    WrongSecretError,
  );
});
