import { randomBytes, type webcrypto } from 'node:crypto';
import { ROLES, type StoredIdentity } from '@fhir-fabric-gateway/chaincode/api';
import { attributesExtension, roleOf } from './attributes.ts';
import type { Authority } from './authority.ts';
import { ALGORITHM, exportKey, importKey, newKeys, pseudonymOf } from './keys.ts';
import { blob, openSealedStore, type SealedStore, type StoreOptions } from './sealed-store.ts';
import { seal, unseal } from './sealing.ts';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  X509CrlGenerator,
} from './x509.ts';

/** A CA's certificate and key, PEM. */
export interface Root {
  certificate: string;
  privateKey: string;
}

export interface OwnAuthorityOptions {
  mspId: string;
  /** The CA, when the organisation has one already; else one is made and kept, its key encrypted. */
  root?: Root;
  /** Milliseconds since 1970. */
  clock?: () => number;
  /** `n` random bytes, for pseudonyms. */
  random?: (n: number) => Uint8Array;
}

const DAY = 24 * 3600 * 1000;
const ROOT_DAYS = 20 * 365;
const ENROLLED_DAYS = 2 * 365;
/** Certificates begin a little earlier, for members whose clock is behind. */
const CLOCK_SKEW = 5 * 60 * 1000;

/**
 * Opens the organisation's own CA, which needs no server, or creates it with a new root. What it issued, and revoked, is
 * kept in the store, which may be the wallet's. Rejects with a WrongSecretError.
 */
export async function createAuthority(
  options: OwnAuthorityOptions & (StoreOptions | { file: string; secret: string }),
): Promise<Authority> {
  const { mspId, secret, clock = Date.now } = options;
  const store = await openSealedStore({ url: 'url' in options ? options.url : options.file, secret });
  try {
    const pem = options.root ?? (await rootOf(store, mspId)) ?? (await createRoot(store, mspId, clock()));
    return new OwnAuthority(options, store, pem.certificate, await importKey(pem.privateKey));
  } catch (error) {
    await store.tables.close();
    throw error;
  }
}

class OwnAuthority implements Authority {
  readonly mspId: string;
  readonly certificate: string;
  readonly #store: SealedStore;
  readonly #root: X509Certificate;
  readonly #key: webcrypto.CryptoKey;
  readonly #clock: () => number;
  readonly #random: (n: number) => Uint8Array;

  constructor(
    { mspId, clock = Date.now, random = randomBytes }: OwnAuthorityOptions,
    store: SealedStore,
    certificate: string,
    key: webcrypto.CryptoKey,
  ) {
    this.mspId = mspId;
    this.certificate = certificate;
    this.#store = store;
    this.#root = new X509Certificate(certificate);
    this.#key = key;
    this.#clock = clock;
    this.#random = random;
  }

  async enroll({
    role,
    pseudonym = pseudonymOf(this.#random),
  }: Parameters<Authority['enroll']>[0]): Promise<StoredIdentity> {
    if (!ROLES.includes(role)) throw new TypeError(`no role ${String(role)}`);
    if ((await this.#revoked(pseudonym)).length > 0) throw new Error('an identity that was revoked stays so');
    const keys = await newKeys();
    const root = this.#root;
    const certificate = await X509CertificateGenerator.create({
      ...certificateBasics(this.#clock(), ENROLLED_DAYS, root.notAfter.getTime()),
      subject: [{ CN: [pseudonym] }, { OU: ['client'] }],
      // As its bytes are: members compare them, and a name has several spellings.
      issuer: root.subjectName,
      publicKey: keys.publicKey,
      signingKey: this.#key,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
        await keyIdentifierOf(root),
        attributesExtension({ role, subject: pseudonym }),
      ],
    });
    await this.#store.tables.run(
      'INSERT INTO issued (msp_id, serial, pseudonym, expires) VALUES (?, ?, ?, ?)',
      [this.mspId, certificate.serialNumber, pseudonym, certificate.notAfter.getTime()],
    );
    return {
      mspId: this.mspId,
      pseudonym,
      certificate: certificate.toString('pem'),
      privateKey: await exportKey(keys),
    };
  }

  renew({ pseudonym, certificate }: StoredIdentity): Promise<StoredIdentity> {
    return this.enroll({ role: roleOf(certificate), pseudonym });
  }

  async revoke(pseudonym: string): Promise<string> {
    await this.#store.tables.run(
      'UPDATE issued SET revoked = ? WHERE msp_id = ? AND pseudonym = ? AND revoked IS NULL',
      [this.#clock(), this.mspId, pseudonym],
    );
    return this.#revocationList();
  }

  close(): Promise<void> {
    return this.#store.tables.close();
  }

  #revoked(pseudonym: string) {
    const text = 'SELECT serial FROM issued WHERE msp_id = ? AND pseudonym = ? AND revoked IS NOT NULL';
    return this.#store.tables.all(text, [this.mspId, pseudonym]);
  }

  /** Everything that was revoked and has not ended. */
  async #revocationList(): Promise<string> {
    const now = this.#clock();
    const rows = await this.#store.tables.all(
      'SELECT serial, revoked FROM issued WHERE msp_id = ? AND revoked IS NOT NULL AND expires > ? ORDER BY serial',
      [this.mspId, now],
    );
    const list = await X509CrlGenerator.create({
      issuer: this.#root.subjectName,
      thisUpdate: new Date(now - CLOCK_SKEW),
      nextUpdate: this.#root.notAfter,
      entries: rows.map(({ serial, revoked }) => ({
        serialNumber: String(serial),
        revocationDate: new Date(Number(revoked)),
      })),
      signingAlgorithm: ALGORITHM,
      signingKey: this.#key,
      // By which members know whose list it is.
      extensions: [await keyIdentifierOf(this.#root)],
    });
    const text = Buffer.from(list.rawData).toString('base64');
    const lines = text.match(/.{1,64}/g) ?? [];
    return `-----BEGIN X509 CRL-----\n${lines.join('\n')}\n-----END X509 CRL-----\n`;
  }
}

/** Names the root's key as the root itself does. */
async function keyIdentifierOf(root: X509Certificate): Promise<AuthorityKeyIdentifierExtension> {
  const own = root.getExtension(SubjectKeyIdentifierExtension);
  return own
    ? new AuthorityKeyIdentifierExtension(own.keyId)
    : AuthorityKeyIdentifierExtension.create(root.publicKey);
}

const contextOf = (mspId: string) => `the CA key of ${mspId}`;

async function rootOf({ tables, key }: SealedStore, mspId: string): Promise<Root | undefined> {
  const text = 'SELECT certificate, private_key FROM authority WHERE msp_id = ?';
  const [row] = await tables.all(text, [mspId]);
  if (!row) return undefined;
  const privateKey = unseal(key, blob(row['private_key']), contextOf(mspId));
  return { certificate: String(row['certificate']), privateKey: Buffer.from(privateKey).toString('utf8') };
}

/** Makes a root; the one that is there when another gateway was first. */
async function createRoot(store: SealedStore, mspId: string, now: number): Promise<Root> {
  const keys = await newKeys();
  const root = await X509CertificateGenerator.createSelfSigned({
    ...certificateBasics(now, ROOT_DAYS),
    name: [{ CN: [`ca.${mspId}`] }, { O: [mspId] }],
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const privateKey = Buffer.from(await exportKey(keys), 'utf8');
  await store.tables.run(
    'INSERT INTO authority (msp_id, certificate, private_key) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    [mspId, root.toString('pem'), seal(store.key, privateKey, contextOf(mspId))],
  );
  const kept = await rootOf(store, mspId);
  if (!kept) throw new Error(`the CA of ${mspId} was not kept`);
  return kept;
}

function certificateBasics(now: number, days: number, atMost = Infinity) {
  const serial = randomBytes(16);
  // Positive, as RFC 5280 wants it.
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return {
    serialNumber: serial.toString('hex'),
    notBefore: new Date(now - CLOCK_SKEW),
    notAfter: new Date(Math.min(now + days * DAY, atMost)),
    signingAlgorithm: ALGORITHM,
  };
}
