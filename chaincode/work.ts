import type { Certificate } from './certificate.ts';
import { Refusal } from './refusal.ts';
import type { Caller } from './rules/caller.ts';
import { identityKey, organisationKey } from './state/keys.ts';
import type { Draft } from './state/overlay.ts';

/** What a command or query works with. */
export interface Work {
  draft: Draft;
  /** undefined: one that says nothing to us. */
  certificate: Certificate | undefined;
  /** Milliseconds since 1970: the transaction's time, which is the client's claim. */
  now: number;
  /** The command's place in its transaction. */
  index: number;
  /** Code of v3-ActReason. */
  purpose: string;
}

/**
 * The caller, as far as the certificate and its organisation answer for it: not yet registered, perhaps. BAD_IDENTITY
 * when the organisation isn't a member or its CA may not issue the role.
 */
export async function identifyMember({ draft, certificate }: Work): Promise<Caller> {
  if (!certificate) throw new Refusal('BAD_IDENTITY');
  const organisation = await draft.get(organisationKey(certificate.mspId));
  if (!organisation?.roles.includes(certificate.role)) throw new Refusal('BAD_IDENTITY');
  return { ...certificate, organization: organisation.organization, founder: organisation.founder === true };
}

/** The caller, registered and active, with the role that the certificate says; else BAD_IDENTITY. */
export async function identify(work: Work): Promise<Caller> {
  const member = await identifyMember(work);
  const identity = await work.draft.get(identityKey(member.mspId, member.pseudonym));
  if (identity?.status !== 'active' || identity.role !== member.role) throw new Refusal('BAD_IDENTITY');
  return { ...member, ...(identity.fhirUser !== undefined && { fhirUser: identity.fhirUser }) };
}
