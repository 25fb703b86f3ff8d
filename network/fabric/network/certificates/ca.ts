import { randomBytes, type webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from './x509.ts';
import { ALGORITHM, exportKey, importKeys, newKeys } from './keys.ts';

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly privateKey: string;
}

const DAY = 24 * 3600 * 1000;
const ROOT_DAYS = 20 * 365;
const NODE_DAYS = 5 * 365;
/** Certificates begin a little earlier, for nodes whose clock is behind; roots before all that they sign. */
const MINUTE = 60 * 1000;
const CLOCK_SKEW = 5 * MINUTE;
const ROOT_SKEW = 60 * MINUTE;

/** A new root of an organisation. */
export async function createRoot(commonName: string, organisation: string): Promise<KeyPair> {
  const keys = await newKeys();
  const root = await X509CertificateGenerator.createSelfSigned({
    ...basics(ROOT_DAYS, ROOT_SKEW),
    name: [{ CN: [commonName] }, { O: [organisation] }],
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: root.toString('pem'), privateKey: await exportKey(keys.privateKey) };
}

/** What a member is, as its certificate says it and the organisation's MSP reads it. */
export type MemberKind = 'peer' | 'orderer' | 'admin' | 'client';

/** A certificate to sign with, of a node, an administrator or a client. */
export async function issueMember(
  root: KeyPair,
  commonName: string,
  kind: MemberKind,
  extensions: readonly Extension[] = [],
): Promise<KeyPair> {
  return issue(root, [{ CN: [commonName] }, { OU: [kind] }], extensions);
}

/** A certificate for TLS, as server under these names and addresses and as client. */
export async function issueTls(
  root: KeyPair,
  commonName: string,
  hosts: readonly string[],
): Promise<KeyPair> {
  const names = hosts.map((value) => ({ type: /^[\d.]+$/.test(value) ? 'ip' : 'dns', value }) as const);
  return issue(
    root,
    [{ CN: [commonName] }],
    [
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
      ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : []),
    ],
  );
}

/** A certificate with new dates and otherwise the same, for the same key: what knows the key goes on knowing it. */
export async function renewCertificate(root: KeyPair, pem: string): Promise<string> {
  const old = new X509Certificate(pem);
  return certify(root, old.subjectName.toJSON(), await old.publicKey.export(), old.extensions);
}

async function issue(root: KeyPair, subject: Name, further: readonly Extension[]): Promise<KeyPair> {
  const issuer = new X509Certificate(root.certificate);
  const keys = await newKeys();
  const certificate = await certify(root, subject, keys.publicKey, [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    await SubjectKeyIdentifierExtension.create(keys.publicKey),
    await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ...further,
  ]);
  return { certificate, privateKey: await exportKey(keys.privateKey) };
}

type Name = Record<string, string[]>[];

async function certify(
  root: KeyPair,
  subject: Name,
  publicKey: webcrypto.CryptoKey,
  extensions: Extension[],
): Promise<string> {
  const { privateKey: signingKey } = await importKeys(root.privateKey);
  const certificate = await X509CertificateGenerator.create({
    ...basics(NODE_DAYS, CLOCK_SKEW),
    subject,
    issuer: new X509Certificate(root.certificate).subject,
    publicKey,
    signingKey,
    extensions,
  });
  return certificate.toString('pem');
}

function basics(days: number, skew: number) {
  const serial = randomBytes(16);
  // Positive, as RFC 5280 wants it.
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const now = Date.now();
  return {
    serialNumber: serial.toString('hex'),
    notBefore: new Date(now - skew),
    notAfter: new Date(now + days * DAY),
    signingAlgorithm: ALGORITHM,
  };
}
