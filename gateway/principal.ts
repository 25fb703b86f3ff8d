import type { IdentityRef, Requester } from '@fhir-fabric-gateway/chaincode/api';
import type { Scope } from './auth/scopes.ts';

/**
 * Who a request comes from, as the access token says. Everything behind the authentication step takes this value and
 * nothing else about the caller.
 */
export interface Principal {
  /** The identity on the ledger that signs what this principal writes. */
  identity: IdentityRef;
  /** Role, `person` (fhirUser: `Practitioner/2`, `Patient/1`) and `organization` (`Organization/5`), as rules see them. */
  requester: Requester;
  /** A patient's own Patient id; absent for everyone else. */
  patient?: string;
  /** The patient in context (SMART `patient` launch parameter), to which `patient/` scopes are confined. */
  launchPatient?: string;
  /** Granted SMART scopes, parsed. */
  scopes: readonly Scope[];
  /** Code of v3-ActReason, from the token; TREAT by default. */
  purpose: string;
  /** OAuth client id. */
  client: string;
  /** A name for people, for audit entries: the account's or the client's. */
  display: string;
  /** Distinguishes tokens in paging links and rate limits; not the token itself. */
  tokenId: string;
}
