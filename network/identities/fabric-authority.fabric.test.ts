import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoredIdentity } from '@fhir-fabric-gateway/chaincode/api';
import type { Authority } from './authority.ts';
import { attributesExtension, attributesOf } from './attributes.ts';
import { openFabricAuthority } from './fabric-authority.ts';
import { FabricCa } from './fabric-ca.ts';
import { ALGORITHM, exportKey, newKeys } from './keys.ts';
import { createAuthority } from './own-authority.ts';
import { renewIdentities } from './renewal.ts';
import { startFabricCa, type RunningCa } from './testing/fabric-ca-server.ts';
import { openWallet } from './wallet.ts';
import { X509Certificate as Certificate, X509CertificateGenerator, X509Crl } from './x509.ts';

const there = existsSync(join(process.env['FABRIC_BIN'] ?? '/nowhere', 'fabric-ca-server'));
const mspId = 'HospitalMSP';
const DAY = 24 * 3600 * 1000;

(there ? describe : describe.skip)('a Fabric CA', () => {
  let server: RunningCa;
  let authority: Authority;
  let now = Date.now();
  beforeAll(async () => {
    server = await startFabricCa();
    authority = await openFabricAuthority({ mspId, ca: server.options, clock: () => now });
  });
  afterAll(async () => {
    await authority.close();
    await server.stop();
  });
  beforeEach(() => {
    now = Date.now();
  });

  const serialOf = ({ certificate }: StoredIdentity) => new Certificate(certificate).serialNumber;
  const publicKeyOf = ({ privateKey }: StoredIdentity) =>
    createHash('sha256').update(privateKey).digest('hex');

  test('issues what the organisation’s own CA would: a role, a random pseudonym, and nothing else', async () => {
    const own = await createAuthority({ mspId, url: ':memory:', secret: 's' });
    for (const role of ['patient', 'doctor', 'lab', 'hr', 'system', 'researcher'] as const) {
      const [identity, ours] = [await authority.enroll({ role }), await own.enroll({ role })];
      expect(identity.mspId).toBe(mspId);
      expect(Buffer.from(identity.pseudonym, 'base64url')).toHaveLength(16);
      const certificate = new X509Certificate(identity.certificate);
      expect(certificate.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
      expect(certificate.subject.split('\n').sort()).toEqual([`CN=${identity.pseudonym}`, 'OU=client']);
      expect(certificate.subjectAltName).toBeUndefined();
      expect(attributesOf(identity.certificate)).toEqual({ role, subject: identity.pseudonym });
      const extensions = ({ certificate: pem }: StoredIdentity) =>
        new Certificate(pem).extensions.map(({ type }) => type).sort();
      expect(extensions(identity)).toEqual(extensions(ours));
      expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    }
    await own.close();
  });

  test('and the chaincode reads it so', async () => {
    const identity = await authority.enroll({ role: 'doctor' });
    const { ClientIdentity } = createRequire(import.meta.url)('fabric-shim');
    const client = new ClientIdentity({
      getChannelID: () => 'ehr',
      getTxID: () => 'a'.repeat(64),
      getCreator: () => ({ mspid: identity.mspId, idBytes: Buffer.from(identity.certificate) }),
    });
    expect(client.getAttributeValue('role')).toBe('doctor');
    expect(client.getAttributeValue('subject')).toBe(identity.pseudonym);
    expect(client.getAttributeValue('hf.EnrollmentID')).toBeNull();
  });

  test('the key of an identity is made here: the server certifies the one that signs', async () => {
    const { certificate, privateKey } = await authority.enroll({ role: 'lab' });
    const { createPrivateKey, createPublicKey } = await import('node:crypto');
    const shown = createPublicKey(createPrivateKey(privateKey)).export({ type: 'spki', format: 'pem' });
    expect(new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'pem' })).toBe(shown);
  });

  test('a pseudonym that is there gets a new key, also when several ask for it at once', async () => {
    const all = await Promise.all(
      [1, 2, 3].map(() => authority.enroll({ role: 'hr', pseudonym: 'operator' })),
    );
    const again = await authority.enroll({ role: 'hr', pseudonym: 'operator' });
    expect(new Set([...all, again].map(publicKeyOf)).size).toBe(4);
    expect([...all, again].map(({ pseudonym }) => pseudonym)).toEqual(new Array(4).fill('operator'));
    expect(attributesOf(again.certificate)).toEqual({ role: 'hr', subject: 'operator' });
  });

  test('renews certificates before they end, in the identity’s own name, and after, as the registrar', async () => {
    const wallet = await openWallet({ url: ':memory:', secret: 's' });
    const identity = await authority.enroll({ role: 'doctor' });
    await wallet.put(identity);
    const renewal = { wallet, authority, clock: () => now };
    expect(await renewIdentities(renewal)).toEqual({ renewed: [], failed: [] });
    const ref = { mspId, pseudonym: identity.pseudonym };
    now += 350 * DAY;
    expect(await renewIdentities(renewal)).toEqual({ renewed: [ref], failed: [] });
    const renewed = (await wallet.get(ref)) ?? identity;
    now += 50 * DAY;
    expect(await renewIdentities(renewal)).toEqual({ renewed: [ref], failed: [] });
    const again = (await wallet.get(ref)) ?? identity;
    expect(new Set([identity, renewed, again].map(publicKeyOf)).size).toBe(3);
    for (const { certificate } of [renewed, again]) {
      expect(new X509Certificate(certificate).subject.split('\n').sort()).toEqual([
        `CN=${identity.pseudonym}`,
        'OU=client',
      ]);
      expect(attributesOf(certificate)).toEqual({ role: 'doctor', subject: identity.pseudonym });
    }
    await wallet.close();
  });

  test('revokes all certificates of an identity, answers the list, and gives it no other', async () => {
    const first = await authority.enroll({ role: 'doctor' });
    const renewed = await authority.renew(first);
    const stays = await authority.enroll({ role: 'doctor' });
    const list = await authority.revoke(first.pseudonym);
    expect(list).toMatch(/^-----BEGIN X509 CRL-----\n/);
    const crl = new X509Crl(list);
    expect(await crl.verify({ publicKey: new Certificate(authority.certificate) })).toBe(true);
    for (const one of [first, renewed]) expect(crl.findRevoked(serialOf(one))).not.toBeNull();
    expect(crl.findRevoked(serialOf(stays))).toBeNull();
    await expect(authority.enroll({ role: 'doctor', pseudonym: first.pseudonym })).rejects.toThrow();
    await expect(authority.renew(renewed)).rejects.toThrow();
    const again = new X509Crl(await authority.revoke(first.pseudonym));
    expect(again.findRevoked(serialOf(first))).not.toBeNull();
  });

  test.each([
    ['a department', { OU: ['org1'] }, {}],
    ['an enrolment id', {}, { 'hf.EnrollmentID': 'x' }],
  ])('a server that puts %s into certificates is refused', async (_what, part, attribute) => {
    const { enroll } = FabricCa.prototype;
    FabricCa.prototype.enroll = async (id) => {
      const keys = await newKeys();
      const made = await X509CertificateGenerator.createSelfSigned({
        name: [{ CN: [id] }, { OU: ['client'] }, ...(Object.keys(part).length > 0 ? [part] : [])],
        extensions: [attributesExtension({ role: 'hr', subject: id, ...attribute })],
        ...{ keys, signingAlgorithm: ALGORITHM },
      });
      return { certificate: made.toString('pem'), privateKey: await exportKey(keys) };
    };
    try {
      await expect(authority.enroll({ role: 'hr' })).rejects.toThrow('says more in a certificate');
    } finally {
      FabricCa.prototype.enroll = enroll;
    }
  });

  test.each([
    ['a server that is not there', { url: 'https://127.0.0.1:1' }],
    ['a server that is not who it should be', { rootCertificates: undefined }],
    ['a CA that the server does not have', { caName: 'another' }],
  ])('%s is told at the start', async (_what, wrong) => {
    await expect(openFabricAuthority({ mspId, ca: { ...server.options, ...wrong } })).rejects.toThrow();
  });

  test('a wrong secret of the registrar is told, and no role of ours is no role', async () => {
    const enrollSecretFile = join(mkdtempSync(join(tmpdir(), 'registrar-')), 'secret');
    writeFileSync(enrollSecretFile, 'wrong');
    const registrar = { enrollId: 'registrar', enrollSecretFile };
    const wrong = await openFabricAuthority({ mspId, ca: { ...server.options, registrar } });
    await expect(wrong.enroll({ role: 'hr' })).rejects.toThrow();
    await expect(authority.enroll({ role: 'admin' as 'hr' })).rejects.toThrow(TypeError);
  });
});
