import { randomBytes } from 'node:crypto';
import { ROLES, type Role, type StoredIdentity } from '@fhir-fabric-gateway/chaincode/api';
import { backoff, pause } from '../fabric/client/backoff.ts';
import { attributesOf, roleOf } from './attributes.ts';
import type { Authority } from './authority.ts';
import { FabricCa, isWrongSecret, type Enrolment, type FabricCaOptions } from './fabric-ca.ts';
import { pseudonymOf } from './keys.ts';
import { X509Certificate } from './x509.ts';

export interface FabricAuthorityOptions {
  mspId: string;
  ca: FabricCaOptions;
  /** Milliseconds since 1970. */
  clock?: () => number;
  /** `n` random bytes, for pseudonyms. */
  random?: (n: number) => Uint8Array;
}

/**
 * The organisation's authority on a real network: a Fabric CA server. Its certificates say what those of the
 * organisation's own CA say, and no more. Rejects when the server can't be reached.
 */
export async function openFabricAuthority(options: FabricAuthorityOptions): Promise<Authority> {
  const ca = await FabricCa.open(options.ca);
  const certificates = (await ca.chain()).match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----\n?/g) ?? [];
  const root = certificates.at(-1);
  if (root === undefined) throw new Error(`the certificate authority of ${options.mspId} has no certificate`);
  return new FabricAuthority(options, ca, root);
}

/** How often a certificate is asked for with a secret that another may replace. */
const ATTEMPTS = 6;

const NEVER = new AbortController().signal;

/** For one certificate: who needs another later has the key of this one, or gets another secret. */
const newSecret = (): string => randomBytes(32).toString('base64url');

class FabricAuthority implements Authority {
  readonly mspId: string;
  readonly certificate: string;
  readonly #ca: FabricCa;
  readonly #clock: () => number;
  readonly #random: (n: number) => Uint8Array;

  constructor(
    { mspId, clock = Date.now, random = randomBytes }: FabricAuthorityOptions,
    ca: FabricCa,
    root: string,
  ) {
    this.mspId = mspId;
    this.certificate = root;
    this.#ca = ca;
    this.#clock = clock;
    this.#random = random;
  }

  async enroll({ role, pseudonym }: Parameters<Authority['enroll']>[0]): Promise<StoredIdentity> {
    if (!ROLES.includes(role)) throw new TypeError(`no role ${String(role)}`);
    if (pseudonym === undefined) {
      const [id, secret] = [pseudonymOf(this.#random), newSecret()];
      await this.#ca.register(id, secret, { role, subject: id });
      return this.#checked(id, role, await this.#ca.enroll(id, secret));
    }
    for (let attempt = 1; ; attempt += 1) {
      try {
        return this.#checked(pseudonym, role, await this.#enrollKnown(pseudonym, role));
      } catch (error) {
        // Somebody who asks for the same at the same time has given it another secret.
        if (attempt === ATTEMPTS || !isWrongSecret(error)) throw error;
        await pause(backoff(attempt), NEVER);
      }
    }
  }

  /** An identity that may be known already. */
  async #enrollKnown(id: string, role: Role): Promise<Enrolment> {
    const secret = newSecret();
    const attributes = { role, subject: id };
    try {
      await this.#ca.register(id, secret, attributes);
    } catch {
      // It is known, then; what else may be wrong, this meets as well.
      await this.#ca.modify(id, secret, attributes);
    }
    return this.#ca.enroll(id, secret);
  }

  async renew(identity: StoredIdentity): Promise<StoredIdentity> {
    const { pseudonym, certificate } = identity;
    const role = roleOf(certificate);
    if (new X509Certificate(certificate).notAfter.getTime() <= this.#clock())
      return this.enroll({ role, pseudonym });
    return this.#checked(pseudonym, role, await this.#ca.reenroll(pseudonym, identity));
  }

  revoke(pseudonym: string): Promise<string> {
    return this.#ca.revoke(pseudonym);
  }

  async close(): Promise<void> {
    // Each request has a connection of its own.
  }

  /** A certificate is read by all members: a server that is set up to say more in it is refused. */
  #checked(pseudonym: string, role: Role, { certificate, privateKey }: Enrolment): StoredIdentity {
    const { subjectName } = new X509Certificate(certificate);
    const name = subjectName.toJSON().flatMap((part) => Object.entries(part));
    const said = JSON.stringify([name.sort(), attributesOf(certificate)]);
    const meant = JSON.stringify([
      [
        ['CN', [pseudonym]],
        ['OU', ['client']],
      ],
      { role, subject: pseudonym },
    ]);
    if (said !== meant)
      throw new Error('the certificate authority says more in a certificate than a pseudonym and a role');
    return { mspId: this.mspId, pseudonym, certificate, privateKey };
  }
}
