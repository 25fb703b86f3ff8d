import { randomBytes, X509Certificate } from 'node:crypto';
import { createRequire } from 'node:module';
import {
  createAuthority,
  openWallet,
  renewIdentities,
  WrongSecretError,
  type Authority,
  type Wallet,
} from '../../index.ts';
import { openSealedStore } from '../sealed-store.ts';
import { ALGORITHM, exportKey, newKeys } from '../keys.ts';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  Name,
  SubjectKeyIdentifierExtension,
  X509Certificate as Certificate,
  X509CertificateGenerator,
  X509Crl,
} from '../x509.ts';

const mspId = 'HospitalMSP';
const DAY = 24 * 3600 * 1000;

/** Wallets and an organisation's own CA, in a store of each engine: `newStore` answers the URL of a new one. */
export function identitiesSuite(newStore: () => Promise<string>): void {
  const opened: (Authority | Wallet)[] = [];
  let url: string;
  let now: number;
  beforeEach(async () => {
    url = await newStore();
    now = Date.now();
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });
  const authorityOf = async (options: Partial<Parameters<typeof createAuthority>[0]> = {}) => {
    const authority = await createAuthority({ mspId, url, secret: 's', clock: () => now, ...options });
    opened.push(authority);
    return authority;
  };
  const wallet = async () => {
    const one = await openWallet({ url, secret: 's' });
    opened.push(one);
    return one;
  };

  test('the chaincode reads role and subject from an enrolled certificate as from one of Fabric CA', async () => {
    const identity = await (await authorityOf()).enroll({ role: 'doctor' });
    const { ClientIdentity } = createRequire(import.meta.url)('fabric-shim');
    const client = new ClientIdentity({
      getChannelID: () => 'ehr',
      getTxID: () => 'a'.repeat(64),
      getCreator: () => ({ mspid: identity.mspId, idBytes: Buffer.from(identity.certificate) }),
    });
    expect(client.getAttributeValue('role')).toBe('doctor');
    expect(client.getAttributeValue('subject')).toBe(identity.pseudonym);
    expect(client.getMSPID()).toBe(mspId);
    expect(client.getID()).toBe(
      `x509::/CN=${identity.pseudonym}/OU=client::/CN=ca.HospitalMSP/O=HospitalMSP`,
    );
  });

  test('a certificate is issued by the organisation, signs and is no CA, and names nothing but a random pseudonym', async () => {
    const authority = await authorityOf();
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
  });

  test('an authority opened again has the same root; a pseudonym enrolled again gets a new key', async () => {
    const first = await authorityOf();
    const identity = await first.enroll({ role: 'lab' });
    const second = await authorityOf();
    expect(second.certificate).toBe(first.certificate);
    const renewed = await second.enroll({ role: 'lab', pseudonym: identity.pseudonym });
    expect(renewed.pseudonym).toBe(identity.pseudonym);
    expect(renewed.privateKey).not.toBe(identity.privateKey);
    expect(
      new X509Certificate(renewed.certificate).verify(new X509Certificate(first.certificate).publicKey),
    ).toBe(true);
  });

  test('gateways that open a new store at once have one root', async () => {
    const roots = await Promise.all([1, 2, 3].map(() => authorityOf()));
    expect(new Set(roots.map(({ certificate }) => certificate)).size).toBe(1);
    const identity = await roots[2]?.enroll({ role: 'lab' });
    const issuer = new X509Certificate(roots[0]?.certificate ?? '');
    expect(new X509Certificate(identity?.certificate ?? '').verify(issuer.publicKey)).toBe(true);
  });

  test('with a CA key that the organisation has, it issues in that CA’s name', async () => {
    const keys = await newKeys();
    // A key identifier of its own kind, and a name in a spelling of its own, as other tools make them.
    const keyId = randomBytes(32).toString('hex');
    const made = await X509CertificateGenerator.createSelfSigned({
      serialNumber: '01',
      name: new Name([
        { C: ['US'] },
        { O: [{ printableString: 'hospital.example' }] },
        { CN: [{ ia5String: 'ca' }] },
      ]),
      ...{ notBefore: new Date(now - DAY), notAfter: new Date(now + 3650 * DAY) },
      ...{ signingAlgorithm: ALGORITHM, keys },
      extensions: [new BasicConstraintsExtension(true, 0, true), new SubjectKeyIdentifierExtension(keyId)],
    });
    const root = { certificate: made.toString('pem'), privateKey: await exportKey(keys) };
    const authority = await authorityOf({ root });
    expect(authority.certificate).toBe(root.certificate);
    const identity = new Certificate((await authority.enroll({ role: 'hr' })).certificate);
    expect(Buffer.from(identity.issuerName.toArrayBuffer())).toEqual(
      Buffer.from(made.subjectName.toArrayBuffer()),
    );
    expect(identity.getExtension(AuthorityKeyIdentifierExtension)?.keyId).toBe(keyId);
    expect(await identity.verify({ publicKey: made.publicKey })).toBe(true);
    // It is given at each start, and kept nowhere.
    expect((await authorityOf()).certificate).not.toBe(root.certificate);
  });

  test('a wallet gives back what was put into it, to whoever opens it, and lists and removes it', async () => {
    const identity = await (await authorityOf()).enroll({ role: 'doctor' });
    const [one, other] = [await wallet(), await wallet()];
    await one.put(identity);
    expect(await other.get(identity)).toEqual(identity);
    const ref = { mspId: identity.mspId, pseudonym: identity.pseudonym };
    expect(await other.list()).toEqual([ref]);
    expect(await other.list('LabMSP')).toEqual([]);
    expect(await other.get({ mspId: 'LabMSP', pseudonym: identity.pseudonym })).toBeUndefined();
    expect([await one.remove(ref), await other.remove(ref)]).toEqual([true, false]);
    expect(await one.get(ref)).toBeUndefined();
  });

  test('private keys are not in the store in the clear, and another secret opens nothing', async () => {
    const identity = await (await authorityOf()).enroll({ role: 'doctor' });
    await (await wallet()).put(identity);
    const { tables } = await openSealedStore({ url, secret: 's' });
    const rows = await tables.all(
      'SELECT private_key FROM identity UNION ALL SELECT private_key FROM authority',
    );
    await tables.close();
    expect(rows).toHaveLength(2);
    const der = Buffer.from(identity.privateKey.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64');
    for (const { private_key: sealed } of rows) {
      const stored = Buffer.from(sealed instanceof Uint8Array ? sealed : []);
      expect(stored.length).toBeGreaterThan(100);
      // The private scalar follows the fixed beginning of a PKCS #8 key on P-256.
      expect(stored.includes(der.subarray(36, 68))).toBe(false);
      expect(stored.includes('PRIVATE KEY')).toBe(false);
    }
    for (const open of [
      openWallet,
      (options: { url: string; secret: string }) => createAuthority({ mspId, ...options }),
    ]) {
      const error: unknown = await open({ url, secret: 'other' }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(WrongSecretError);
      expect(String(error)).not.toContain(new URL(url, 'file:').password || 'never');
    }
  });

  describe('before certificates end', () => {
    test('identities get new ones, which say the same, and the others are left alone', async () => {
      const [authority, kept] = [await authorityOf(), await wallet()];
      const identity = await authority.enroll({ role: 'doctor' });
      now += 300 * DAY;
      const later = await authority.enroll({ role: 'lab' });
      await kept.put(identity);
      await kept.put(later);
      await kept.put({ ...later, mspId: 'LabMSP' });
      now += 399 * DAY;
      const ref = { mspId, pseudonym: identity.pseudonym };
      const renewal = { wallet: kept, authority, clock: () => now };
      expect(await renewIdentities({ ...renewal, within: 20 * DAY })).toEqual({ renewed: [], failed: [] });
      expect(await renewIdentities(renewal)).toEqual({ renewed: [], failed: [] });
      now += 10 * DAY;
      expect(await renewIdentities(renewal)).toEqual({ renewed: [ref], failed: [] });
      expect(await renewIdentities(renewal)).toEqual({ renewed: [], failed: [] });
      const renewed = await kept.get(ref);
      expect(renewed?.privateKey).not.toBe(identity.privateKey);
      const certificate = new X509Certificate(renewed?.certificate ?? '');
      expect(certificate.validToDate.getTime()).toBeGreaterThan(now + 700 * DAY);
      expect(certificate.subject).toBe(`CN=${identity.pseudonym}\nOU=client`);
      expect(await kept.get(later)).toEqual(later);
    });

    test('gateways that renew at once agree on one', async () => {
      const [authority, one, other] = [await authorityOf(), await wallet(), await wallet()];
      await one.put(await authority.enroll({ role: 'doctor' }));
      now += 729 * DAY;
      const all = await Promise.all(
        [one, other].map((each) => renewIdentities({ wallet: each, authority, clock: () => now })),
      );
      expect(all.flatMap(({ renewed }) => renewed)).toHaveLength(1);
      expect(all.flatMap(({ failed }) => failed)).toEqual([]);
    });

    test('one that can’t be renewed is told, and does not keep the others from it', async () => {
      const [authority, kept] = [await authorityOf(), await wallet()];
      const [revoked, good] = [
        await authority.enroll({ role: 'hr' }),
        await authority.enroll({ role: 'hr' }),
      ];
      for (const identity of [revoked, good]) await kept.put(identity);
      await authority.revoke(revoked.pseudonym);
      now += 729 * DAY;
      expect(await renewIdentities({ wallet: kept, authority, clock: () => now })).toEqual({
        renewed: [{ mspId, pseudonym: good.pseudonym }],
        failed: [{ identity: { mspId, pseudonym: revoked.pseudonym }, cause: expect.any(Error) as Error }],
      });
    });
  });

  test('revoking answers a list of all certificates of the identity, signed by the CA, and it gets no other', async () => {
    const authority = await authorityOf();
    const first = await authority.enroll({ role: 'doctor' });
    const second = await authority.enroll({ role: 'doctor', pseudonym: first.pseudonym });
    const [stays, gone] = [await authority.enroll({ role: 'hr' }), await authority.enroll({ role: 'hr' })];
    await authority.revoke(gone.pseudonym);
    const list = await (await authorityOf()).revoke(first.pseudonym);
    expect(list).toMatch(/^-----BEGIN X509 CRL-----\n/);
    const crl = new X509Crl(list);
    const root = new Certificate(authority.certificate);
    expect(await crl.verify({ publicKey: root })).toBe(true);
    const serialOf = ({ certificate }: { certificate: string }) => new Certificate(certificate).serialNumber;
    expect(crl.entries.map(({ serialNumber }) => serialNumber).sort()).toEqual(
      [first, second, gone].map(serialOf).sort(),
    );
    expect(crl.findRevoked(serialOf(stays))).toBeNull();
    const keyId = crl.extensions.find((one) => one instanceof AuthorityKeyIdentifierExtension)?.keyId;
    expect(keyId).toBe(
      new Certificate(stays.certificate).getExtension(AuthorityKeyIdentifierExtension)?.keyId,
    );
    await expect(authority.enroll({ role: 'doctor', pseudonym: first.pseudonym })).rejects.toThrow('revoked');
    expect(await authority.revoke(first.pseudonym)).toMatch(/^-----BEGIN X509 CRL-----\n/);
    // What has ended need not be on it.
    now += 731 * DAY;
    expect(new X509Crl(await authority.revoke(stays.pseudonym)).entries).toEqual([]);
  });
}
