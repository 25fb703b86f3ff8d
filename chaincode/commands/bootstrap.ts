import type { Asset } from '../api/index.ts';
import { Refusal } from '../refusal.ts';
import type { Caller } from '../rules/caller.ts';
import { actsForOrganisation } from '../rules/caller.ts';
import type { Work } from '../work.ts';
import { addOrganisation } from './organisation.ts';

/**
 * The first command of a ledger: HR or a system of one organisation, the founder, names the members, its own among
 * them. It gives the ledger its secret. BAD_IDENTITY for anything else that comes before.
 */
export async function bootstrap(work: Work, assets: readonly Asset[]): Promise<void> {
  const { certificate, draft } = work;
  const organisations = assets.filter((asset) => asset.kind === 'organisation');
  const own = organisations.find((organisation) => organisation.mspId === certificate?.mspId);
  if (!certificate || !own?.roles.includes(certificate.role)) throw new Refusal('BAD_IDENTITY');
  const caller: Caller = { ...certificate, organization: own.organization, founder: true };
  if (!actsForOrganisation(caller)) throw new Refusal('BAD_IDENTITY');
  draft.found();
  for (const organisation of organisations) {
    await addOrganisation(work, caller, { ...organisation, ...(organisation === own && { founder: true }) });
  }
}
