/** What a certificate's `role` attribute may say. */
export const ROLES = ['patient', 'doctor', 'lab', 'hr', 'system', 'researcher'] as const;
export type Role = (typeof ROLES)[number];

/** An identity is a pseudonym inside an organisation; neither part alone says anything. */
export interface IdentityRef {
  mspId: string;
  pseudonym: string;
}

/** Roles that work on other people's records with a grant. */
export const GRANTEE_ROLES: readonly Role[] = ['doctor', 'lab', 'system'];
