import { X509Certificate, type KeyObject } from 'node:crypto';
import type { OrganisationConfig } from '../config.ts';

interface Checked {
  publicKey: KeyObject;
  from: number;
  until: number;
}

/** Certificates whose check is remembered, before the oldest is forgotten. */
const REMEMBERED = 10_000;

/**
 * The members' CAs: whose certificates count. What never changes about a certificate (issuer, key) is checked once;
 * whether it is in force, at each use.
 */
export class Membership {
  readonly #authorities = new Map<string, X509Certificate>();
  readonly #checked = new Map<string, Checked>();

  /** Throws when a CA's certificate can't be read or is none of a CA. */
  constructor(organisations: readonly OrganisationConfig[]) {
    for (const { mspId, caCertificate } of organisations) {
      const authority = new X509Certificate(caCertificate);
      if (!authority.ca) throw new Error(`the CA certificate of ${mspId} is not that of a CA`);
      this.#authorities.set(mspId, authority);
    }
  }

  /**
   * The public key of a certificate that the MSP's CA issued and that is in force at `time` (milliseconds since 1970).
   * Throws an Error that says what is wrong.
   */
  publicKey(mspId: string, certificate: string, time: number): KeyObject {
    const name = `${mspId}\n${certificate}`;
    let checked = this.#checked.get(name);
    if (!checked) {
      checked = this.#check(mspId, certificate);
      if (this.#checked.size >= REMEMBERED) {
        for (const oldest of this.#checked.keys()) {
          this.#checked.delete(oldest);
          break;
        }
      }
      this.#checked.set(name, checked);
    }
    if (time < checked.from || time > checked.until) throw new Error('the certificate is not in force');
    return checked.publicKey;
  }

  #check(mspId: string, pem: string): Checked {
    const authority = this.#authorities.get(mspId);
    if (!authority) throw new Error(`no organisation ${mspId} is a member`);
    const certificate = new X509Certificate(pem);
    if (!certificate.checkIssued(authority) || !certificate.verify(authority.publicKey)) {
      throw new Error(`the certificate was not issued by the CA of ${mspId}`);
    }
    if (certificate.ca) throw new Error('a CA does not submit');
    const { publicKey } = certificate;
    if (publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
      throw new Error('the key of the certificate is not on the curve P-256');
    }
    return { publicKey, from: certificate.validFromDate.getTime(), until: certificate.validToDate.getTime() };
  }
}
