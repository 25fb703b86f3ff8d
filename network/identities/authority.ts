import type { Role, StoredIdentity } from '@fhir-fabric-gateway/chaincode/api';

/** An organisation's certificate authority. */
export interface Authority {
  readonly mspId: string;
  /** Its root certificate, PEM. */
  readonly certificate: string;
  /**
   * A new key and a certificate for it, which says the role and a pseudonym and nothing else: attributes `role` and
   * `subject`, CN the pseudonym, OU `client`. With `pseudonym`, an identity that exists gets a new key and certificate.
   * Rejects for one that was revoked.
   */
  enroll(request: { role: Role; pseudonym?: string }): Promise<StoredIdentity>;
  /** A new key and certificate for an identity, saying the same. Its certificate may have ended. */
  renew(identity: StoredIdentity): Promise<StoredIdentity>;
  /**
   * Answers the authority's list of revoked certificates (a CRL, PEM) with all of the identity's on it. They are refused
   * once the organisation's MSP, in the channel's configuration, has the list.
   */
  revoke(pseudonym: string): Promise<string>;
  close(): Promise<void>;
}
