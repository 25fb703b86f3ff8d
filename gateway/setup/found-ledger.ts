import {
  LedgerError,
  ROLES,
  type Command,
  type IdentityRef,
  type Role,
} from '@fhir-fabric-gateway/chaincode/api';
import type { OrganisationSettings } from '../config.ts';
import { prepareWrite } from '../fhir/write/prepare.ts';
import type { Resource } from '../fhir/resource.ts';
import type { Services } from '../services.ts';
import type { Storage } from '../storage/client.ts';

/** The pseudonym of an organisation's operator, who registers its people on the ledger. It names nobody. */
const OPERATOR = 'operator';

/** The roles that an organisation's CA may issue: the founder, which keeps records, all; the others no patients. */
const rolesOf = (founder: boolean): Role[] => ROLES.filter((role) => founder || role !== 'patient');

export const operatorOf = (mspId: string): IdentityRef => ({ mspId, pseudonym: OPERATOR });

/**
 * Makes sure that the ledger knows the organisations, their operators and their Organization resources. Whatever is
 * there already stays as it is, so that it may be run at every start, and again after it was interrupted.
 */
export async function foundLedger(
  organisations: readonly OrganisationSettings[],
  storage: Pick<Storage, 'ledger' | 'enroll'>,
  services: Pick<Services, 'fhirBase' | 'policyUris'>,
): Promise<void> {
  const [founder] = organisations;
  if (!founder) throw new RangeError('a ledger needs an organisation');
  const there = await Promise.all(organisations.map((one) => isThere(one, storage)));
  if (there.every(Boolean)) return;
  for (const { mspId } of organisations) await storage.enroll(mspId, 'hr', OPERATOR);
  await unlessThere(
    submit(storage, founder.mspId, {
      fn: 'CreateAssets',
      assets: [
        ...organisations.map(({ mspId, organization }, index) => ({
          kind: 'organisation' as const,
          mspId,
          organization: `Organization/${organization}`,
          roles: rolesOf(index === 0),
        })),
        operatorAsset(founder.mspId),
      ],
    }),
  );
  for (const { mspId } of organisations.slice(1)) {
    await unlessThere(submit(storage, mspId, { fn: 'CreateAssets', assets: [operatorAsset(mspId)] }));
  }
  for (const { mspId, organization, name } of organisations) {
    const resource: Resource = { resourceType: 'Organization', active: true, name };
    const { entry } = prepareWrite({ resource }, organization, services);
    await unlessThere(
      submit(storage, mspId, {
        fn: 'CreateAssets',
        assets: [{ kind: 'entry', entry: { ...entry, version: 0 } }],
      }),
    );
  }
}

const operatorAsset = (mspId: string) =>
  ({ kind: 'identity', mspId, pseudonym: OPERATOR, role: 'hr', status: 'active' }) as const;

function submit(storage: Pick<Storage, 'ledger'>, mspId: string, command: Command): Promise<unknown> {
  return storage.ledger.submit(operatorOf(mspId), [command]);
}

async function isThere(
  { mspId, organization }: OrganisationSettings,
  storage: Pick<Storage, 'ledger'>,
): Promise<boolean> {
  try {
    return (
      (await storage.ledger.evaluate(operatorOf(mspId), {
        fn: 'AssetExists',
        type: 'Organization',
        id: organization,
      })) === true
    );
  } catch {
    return false;
  }
}

async function unlessThere(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof LedgerError) || error.code !== 'EXISTS') throw error;
  }
}
