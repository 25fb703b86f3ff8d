import {
  AuthorityKeyIdentifierExtension,
  X509Certificate,
  X509Crl,
  X509CrlGenerator,
  type X509CrlEntry,
} from './x509.ts';
import type { KeyPair } from './ca.ts';
import { ALGORITHM, importKeys } from './keys.ts';

/** A list lasts until the next one: Fabric does not look at the date, other readers do. */
const LIST_DAYS = 10 * 365;
const DAY = 24 * 3600 * 1000;

/** A list of revoked certificates, PEM: those of the lists before and further serial numbers (hexadecimal). */
export async function revocationList(
  root: KeyPair,
  before: readonly string[],
  serials: readonly string[],
): Promise<string> {
  const issuer = new X509Certificate(root.certificate);
  const { privateKey } = await importKeys(root.privateKey);
  const now = new Date();
  const known = before.flatMap((list) => new X509Crl(list).entries.map(restated));
  const added = serials
    .map(normalised)
    .filter((serial) => !known.some(({ serialNumber }) => normalised(serialNumber) === serial))
    .map((serialNumber) => ({ serialNumber, revocationDate: now }));
  const list = await X509CrlGenerator.create({
    issuer: issuer.subject,
    thisUpdate: now,
    nextUpdate: new Date(now.getTime() + LIST_DAYS * DAY),
    entries: [...known, ...added],
    extensions: [await AuthorityKeyIdentifierExtension.create(issuer.publicKey)],
    signingAlgorithm: ALGORITHM,
    signingKey: privateKey,
  });
  // Go knows lists by this name alone.
  return list.toString('pem').replaceAll(' CRL-----', ' X509 CRL-----');
}

/** Serial numbers that a list revokes. */
export const revokedBy = (list: string | Uint8Array): string[] =>
  new X509Crl(list).entries.map(({ serialNumber }) => normalised(serialNumber));

export const serialOf = (certificate: string): string =>
  normalised(new X509Certificate(certificate).serialNumber);

const restated = ({ serialNumber, revocationDate }: X509CrlEntry) => ({ serialNumber, revocationDate });

/** Hexadecimal, lower case, whole bytes, without leading zero bytes. */
function normalised(serial: string): string {
  const digits = serial.toLowerCase().replace(/^0+/, '');
  return digits.length % 2 === 0 ? digits : `0${digits}`;
}
