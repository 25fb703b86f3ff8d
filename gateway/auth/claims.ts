import type { Account, AccountStore } from './accounts.ts';
import { needsPatient } from './granting.ts';
import type { TokenState } from './token-state.ts';

/** The OpenID claims of an account; which of them a token shows depends on its scopes. `fhirUser` is absolute. */
export function accountClaims(
  account: Account,
  fhirBase: string,
): { sub: string; [claim: string]: string | undefined } {
  return {
    sub: account.id,
    fhirUser: `${fhirBase}/${account.fhirUser}`,
    name: account.display,
    given_name: account.given,
    family_name: account.family,
    preferred_username: account.username,
    birthdate: account.birthday,
  };
}

/**
 * The patient in context of an access token: a patient's own id, else the patient that the user chose for this grant and
 * these scopes use. undefined: none.
 */
export async function launchPatient(
  token: { accountId?: string; grantId?: string; scope?: string },
  accounts: AccountStore,
  state: TokenState,
): Promise<string | undefined> {
  if (token.accountId === undefined) return undefined;
  const own = (await accounts.get(token.accountId))?.patient;
  if (own !== undefined) return own;
  if (token.grantId === undefined || !needsPatient(token.scope?.split(' ') ?? [])) return undefined;
  return state.patientOf(token.grantId);
}
