import {
  LedgerError,
  ROLES,
  type Asset,
  type LedgerErrorCode,
  type Role,
} from '@fhir-fabric-gateway/chaincode/api';
import { prepareWrite } from '../fhir/write/prepare.ts';
import type { Resource } from '../fhir/resource.ts';
import type { OrganisationSettings } from '../organisations.ts';
import type { Services } from '../services.ts';
import type { Storage } from '../storage/client.ts';
import { operatorAsset, operatorOf } from './operator.ts';
import { untilDone, type Patience } from './patience.ts';

/** The roles that an organisation's CA may issue: the founder, which keeps records, all; the others no patients. */
const rolesOf = (founder: boolean): Role[] => ROLES.filter((role) => founder || role !== 'patient');

export interface Members {
  /** All of the ledger's; the first founds it. */
  organisations: readonly OrganisationSettings[];
  /** Those whose operators' keys this process has. */
  own: readonly OrganisationSettings[];
}

type Deps = [Pick<Storage, 'ledger'>, Pick<Services, 'fhirBase' | 'policyUris' | 'labeller'>, Patience];

/**
 * Makes sure that the ledger knows the organisations, and of the own ones the operators and their Organization resources.
 * The founder's gateway founds the ledger; any other waits until it has. Whatever is there already stays as it is, so that
 * it may be run at every start, again after it was interrupted, and by several replicas at once.
 */
export async function foundLedger({ organisations, own }: Members, ...deps: Deps): Promise<void> {
  const [founder] = organisations;
  if (!founder) throw new RangeError('a ledger needs an organisation');
  const inOrder = [...own].sort((a, b) => organisations.indexOf(a) - organisations.indexOf(b));
  for (const one of inOrder) {
    if (one.mspId === founder.mspId) await found(organisations, ...deps);
    else await join(one, founder, ...deps);
  }
}

/** The founder's part. Organisations that were added to the list since are brought in. */
async function found(organisations: readonly OrganisationSettings[], ...deps: Deps): Promise<void> {
  const [storage, , patience] = deps;
  const [founder, ...others] = organisations as readonly [OrganisationSettings, ...OrganisationSettings[]];
  const organisation = ({ mspId, organization }: OrganisationSettings) => ({
    kind: 'organisation' as const,
    mspId,
    organization: `Organization/${organization}`,
    roles: rolesOf(mspId === founder.mspId),
  });
  if (await isWhole(founder, storage, patience)) {
    for (const other of others) {
      if (await untilDone(() => hasOrganization(founder, other, storage), patience)) continue;
      await untilDone(() => unlessThere(create(storage, founder, organisation(other))), patience);
    }
    return;
  }
  const assets = [...organisations.map(organisation), operatorAsset(founder.mspId)];
  await untilDone(() => unlessThere(create(storage, founder, ...assets)), patience);
  await publish(founder, ...deps);
}

/** The part of every other organisation, once the ledger knows it. */
async function join(one: OrganisationSettings, founder: OrganisationSettings, ...deps: Deps): Promise<void> {
  const [storage, , patience] = deps;
  if (await isWhole(one, storage, patience)) return;
  await untilDone(() => unlessThere(create(storage, one, operatorAsset(one.mspId))), patience, {
    BAD_IDENTITY: `the ledger does not know ${one.mspId} yet: the gateway of ${founder.mspId} founds it and brings ${one.mspId} in`,
  });
  await publish(one, ...deps);
}

async function publish(one: OrganisationSettings, ...[storage, services, patience]: Deps): Promise<void> {
  const resource: Resource = { resourceType: 'Organization', active: true, name: one.name };
  const { entry } = prepareWrite({ resource }, one.organization, services);
  await untilDone(
    () => unlessThere(create(storage, one, { kind: 'entry', entry: { ...entry, version: 0 } })),
    patience,
  );
}

/** Whether all of the organisation's part is there: its Organization comes last. False while nobody knows its operator. */
function isWhole(one: OrganisationSettings, storage: Pick<Storage, 'ledger'>, patience: Patience) {
  return untilDone(() => butFor('BAD_IDENTITY', false, hasOrganization(one, one, storage)), patience);
}

async function hasOrganization(
  asker: OrganisationSettings,
  { organization: id }: OrganisationSettings,
  { ledger }: Pick<Storage, 'ledger'>,
): Promise<boolean> {
  const query = { fn: 'AssetExists', type: 'Organization', id } as const;
  return (await ledger.evaluate(operatorOf(asker.mspId), query)) === true;
}

function create({ ledger }: Pick<Storage, 'ledger'>, { mspId }: OrganisationSettings, ...assets: Asset[]) {
  return ledger.submit(operatorOf(mspId), [{ fn: 'CreateAssets', assets }]);
}

const unlessThere = (work: Promise<unknown>) => butFor('EXISTS', undefined, work);

/** What `work` comes to; `instead` when the ledger refuses it with this code. */
async function butFor<T, U>(code: LedgerErrorCode, instead: U, work: Promise<T>): Promise<T | U> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof LedgerError && error.code === code) return instead;
    throw error;
  }
}
