import { createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import { ROLES, type Role, type StoredIdentity } from '@fhir-fabric-gateway/chaincode/api';
import { attributesExtension } from './attributes.ts';
import { blob, openSealedFile, type SealedFile } from './sealed-file.ts';
import { seal, unseal } from './sealing.ts';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from './x509.ts';

/** An organisation's own certificate authority. */
export interface Authority {
  readonly mspId: string;
  /** Its root certificate, PEM. */
  readonly certificate: string;
  /**
   * A new key and a certificate for it, which says the role and a pseudonym and nothing else: attributes `role` and
   * `subject`, CN the pseudonym, OU `client`. With `pseudonym`, an identity that exists gets a new key and certificate.
   */
  enroll(request: { role: Role; pseudonym?: string }): Promise<StoredIdentity>;
  close(): void;
}

export interface AuthorityOptions {
  mspId: string;
  /** The SQLite file that keeps it; it may be the wallet's. */
  file: string;
  /** Encrypts the CA's key. */
  secret: string;
  /** Milliseconds since 1970. */
  clock?: () => number;
  /** `n` random bytes, for pseudonyms. */
  random?: (n: number) => Uint8Array;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY = 24 * 3600 * 1000;
const ROOT_DAYS = 20 * 365;
const ENROLLED_DAYS = 2 * 365;
/** Certificates begin a little earlier, for members whose clock is behind. */
const CLOCK_SKEW = 5 * 60 * 1000;
const PSEUDONYM_BYTES = 16;

/** Opens the organisation's CA, or creates it with a new root. Rejects with a WrongSecretError. */
export async function createAuthority(options: AuthorityOptions): Promise<Authority> {
  const { mspId, clock = Date.now, random = randomBytes } = options;
  const file = await openSealedFile(options.file, options.secret);
  try {
    const pem = rootOf(file, mspId) ?? (await createRoot(file, mspId, clock()));
    const root = new X509Certificate(pem.certificate);
    const signingKey = await importKey(pem.privateKey);
    return {
      mspId,
      certificate: pem.certificate,
      async enroll({ role, pseudonym = Buffer.from(random(PSEUDONYM_BYTES)).toString('base64url') }) {
        if (!ROLES.includes(role)) throw new TypeError(`no role ${String(role)}`);
        const keys = await newKeys();
        const certificate = await X509CertificateGenerator.create({
          ...certificateBasics(clock(), ENROLLED_DAYS, root.notAfter.getTime()),
          subject: [{ CN: [pseudonym] }, { OU: ['client'] }],
          issuer: root.subject,
          publicKey: keys.publicKey,
          signingKey,
          extensions: [
            new BasicConstraintsExtension(false, undefined, true),
            new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
            await SubjectKeyIdentifierExtension.create(keys.publicKey),
            await AuthorityKeyIdentifierExtension.create(root.publicKey),
            attributesExtension({ role, subject: pseudonym }),
          ],
        });
        return {
          mspId,
          pseudonym,
          certificate: certificate.toString('pem'),
          privateKey: await exportKey(keys),
        };
      },
      close: () => file.db.close(),
    };
  } catch (error) {
    file.db.close();
    throw error;
  }
}

interface Root {
  certificate: string;
  privateKey: string;
}

const contextOf = (mspId: string) => `the CA key of ${mspId}`;

function rootOf({ db, key }: SealedFile, mspId: string): Root | undefined {
  const row = db.prepare('SELECT certificate, private_key FROM authority WHERE msp_id = ?').get(mspId);
  if (!row) return undefined;
  const privateKey = unseal(key, blob(row['private_key']), contextOf(mspId));
  return { certificate: String(row['certificate']), privateKey: Buffer.from(privateKey).toString('utf8') };
}

async function createRoot(file: SealedFile, mspId: string, now: number): Promise<Root> {
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
  const created = { certificate: root.toString('pem'), privateKey: await exportKey(keys) };
  const sealed = seal(file.key, Buffer.from(created.privateKey, 'utf8'), contextOf(mspId));
  file.db
    .prepare('INSERT INTO authority (msp_id, certificate, private_key) VALUES (?, ?, ?)')
    .run(mspId, created.certificate, sealed);
  return created;
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

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', new Uint8Array(der), ALGORITHM, false, ['sign']);
}

async function exportKey(keys: webcrypto.CryptoKeyPair): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();
}
