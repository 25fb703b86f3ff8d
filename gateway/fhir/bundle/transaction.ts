import { LedgerError } from '@fhir-fabric-gateway/chaincode/api';
import type { StoredResource } from '../../index-store/port.ts';
import type { Services } from '../../services.ts';
import { FhirError, badRequest, notFound } from '../errors.ts';
import { toFhirError } from '../http/failure.ts';
import { formatQuery } from '../http/query.ts';
import { etag } from '../interactions/respond.ts';
import type { FhirRequest, FhirResponse } from '../request.ts';
import { matchOne } from '../write/conditional.ts';
import { canonicalCriteria } from '../write/criteria.ts';
import { mapBody } from '../write/draft.ts';
import { submitAll, written } from '../write/submit.ts';
import { answerTo, responseEntry, type Dispatch } from './batch.ts';
import { claimant, claimedBy } from './claim.ts';
import { at } from './entry-errors.ts';
import { bundleRequests, type BundleRequest } from './entries.ts';
import { grantsToBe } from './grants-to-be.ts';
import {
  planCreate,
  planDelete,
  planPatch,
  planUpdate,
  type PlannedWrite,
  type TransactionContext,
} from './plan.ts';
import { TransactionReferences } from './references.ts';
import { bundleOf } from './text.ts';

/** An entry on its way: what it writes, what it found instead, or a read for afterwards. */
interface Step {
  entry: BundleRequest;
  type: string;
  id: string;
  existing?: StoredResource;
  /** An update whose criteria find nothing, and whose body names nothing: it creates. */
  creates?: boolean;
  planned?: PlannedWrite;
}

/**
 * https://hl7.org/fhir/R4/http.html#trules: all or nothing, as one transaction of the ledger. Reads in it see what it
 * wrote. Errors name the entry; nothing is written when there is one. `claim` is a criterion that only one transaction of
 * the organisation may hold.
 */
export async function transaction(
  request: FhirRequest,
  services: Services,
  dispatch: Dispatch,
  claim?: string,
): Promise<FhirResponse> {
  try {
    return await attempt({ request, services, dispatch, claim, claimCriteria: true });
  } catch (error) {
    if (!(error instanceof LedgerError) || error.code !== 'NOT_UNIQUE') throw error;
    // Either somebody created it meanwhile, and it is found now; or who holds the criteria is not to be seen.
    return attempt({ request, services, dispatch, claim, claimCriteria: false });
  }
}

interface Attempt {
  request: FhirRequest;
  services: Services;
  dispatch: Dispatch;
  claim: string | undefined;
  claimCriteria: boolean;
}

async function attempt(tried: Attempt): Promise<FhirResponse> {
  const { request, services, dispatch, claim, claimCriteria } = tried;
  const entries = request.body ? bundleRequests(request.body, services.fhirBase) : [];
  const references = new TransactionReferences();
  const steps: Step[] = [];
  for (const entry of entries) steps.push(await at(entry, () => begin(entry, references, tried)));
  assertDistinct(steps);

  const context: TransactionContext = {
    request,
    services,
    grants: grantsToBe(openedBy(steps, request), request, services),
    owners: new Map(),
    claimCriteria,
  };
  for (const step of inOrderOfOwners(steps)) await at(step.entry, () => plan(step, references, context));

  const writes = steps.filter((step) => step.planned).sort((a, b) => rank(a) - rank(b));
  if (writes.length > 0) await submit(writes, claim, claimCriteria, request, services);
  const answers: Uint8Array[] = [];
  for (const step of steps)
    answers.push(await at(step.entry, () => answer(step, request, services, dispatch)));
  return {
    status: 200,
    headers: {},
    body: bundleOf({ type: 'transaction-response', id: services.newId(), entries: answers }),
  };
}

const CHANGES = ['PUT', 'PATCH', 'DELETE'];

/** Finds out what an entry is about, and what its fullUrl stands for. */
async function begin(
  entry: BundleRequest,
  references: TransactionReferences,
  { request, services, dispatch }: Attempt,
): Promise<Step> {
  const [type = '', id, ...more] = entry.path.split('/');
  if (entry.method === 'GET' || entry.method === 'HEAD') {
    dispatch.assertRoute(entry);
    return { entry, type, id: id ?? '' };
  }
  if (entry.method === 'POST' && id === undefined) {
    const existing =
      entry.ifNoneExist === undefined
        ? undefined
        : await matchOne(request, type, entry.ifNoneExist, services);
    const step = { entry, type, id: existing?.id ?? services.newId(), ...(existing && { existing }) };
    references.define(entry.fullUrl, `${type}/${step.id}`);
    return step;
  }
  if (CHANGES.includes(entry.method) && more.length === 0) {
    if (id === undefined && entry.query.length > 0)
      return beginConditional(entry, type, references, request, services);
    if (id !== undefined && entry.query.length === 0) {
      if (entry.method === 'PUT') references.define(entry.fullUrl, `${type}/${id}`);
      return { entry, type, id };
    }
  }
  throw new FhirError(400, {
    code: 'not-supported',
    diagnostics: `${entry.method} ${entry.path} is not supported in a transaction.`,
    expression: [`${entry.expression}.request`],
  });
}

/**
 * An update, patch or delete by criteria, https://hl7.org/fhir/R4/http.html#trules: what they find is what it is about. An
 * update that finds nothing creates; a delete that finds nothing has an empty id.
 */
async function beginConditional(
  entry: BundleRequest,
  type: string,
  references: TransactionReferences,
  request: FhirRequest,
  services: Services,
): Promise<Step> {
  const criteria = formatQuery(entry.query);
  const match = await matchOne(request, type, criteria, services);
  const asked = { ...entry, ifNoneExist: criteria };
  if (entry.method === 'DELETE') return { entry: asked, type, id: match?.id ?? '' };
  if (entry.method === 'PATCH') {
    if (!match) throw notFound(`${type}?${criteria}`);
    return { entry: asked, type, id: match.id };
  }
  const given = entry.body?.resource['id'];
  if (match && given !== undefined && given !== match.id)
    throw badRequest('The body names another resource than the criteria find.', `${type}.id`);
  const named = typeof given === 'string' ? given : undefined;
  const id = match?.id ?? named ?? services.newId();
  references.define(entry.fullUrl, `${type}/${id}`);
  const body = entry.body && mapBody(entry.body, (resource) => ({ ...resource, id }));
  return {
    entry: { ...asked, ...(body && { body }), ...(!match && { ifNoneMatch: '*' }) },
    type,
    id,
    creates: !match && named === undefined,
  };
}

/** Two entries must not write one resource, nor create by the same criteria. */
function assertDistinct(steps: readonly Step[]): void {
  const seen = new Set<string>();
  for (const { entry, type, id } of steps) {
    if (entry.method === 'GET' || entry.method === 'HEAD') continue;
    const names = [
      ...(entry.ifNoneExist === undefined ? [] : [canonicalCriteria(type, entry.ifNoneExist)]),
      // A create's criteria may find what another entry changes.
      ...(id === '' || (entry.method === 'POST' && entry.ifNoneExist !== undefined) ? [] : [`${type}/${id}`]),
    ];
    for (const name of names) {
      if (seen.has(name))
        throw badRequest('Two entries of the transaction are about the same resource.', entry.expression);
      seen.add(name);
    }
  }
}

/** Ids of the Patients whose records the transaction opens. */
function openedBy(steps: readonly Step[], { principal }: FhirRequest): ReadonlySet<string> {
  if (principal.requester.role !== 'system') return new Set();
  const opening = steps.filter(
    ({ type, entry, existing }) =>
      type === 'Patient' && (entry.method === 'POST' || entry.method === 'PUT') && !existing,
  );
  return new Set(opening.map(({ id }) => id));
}

/** A Provenance belongs to the owner of its targets: it comes last. */
function inOrderOfOwners(steps: readonly Step[]): Step[] {
  return [
    ...steps.filter(({ type }) => type !== 'Provenance'),
    ...steps.filter(({ type }) => type === 'Provenance'),
  ];
}

/** Deletes, then creates, then updates, as FHIR says; but a record must be open before anything is written to it. */
function rank({ planned, entry }: Step): number {
  if (planned?.command.fn === 'CreateMedicalRecord') return 0;
  return entry.method === 'DELETE' ? 1 : entry.method === 'POST' ? 2 : 3;
}

async function plan(
  step: Step,
  references: TransactionReferences,
  context: TransactionContext,
): Promise<void> {
  const { entry, type, id } = step;
  if (step.existing || entry.method === 'GET' || entry.method === 'HEAD') return;
  if (entry.method === 'DELETE') {
    if (id === '') return;
    const planned = await planDelete(entry, type, id, context);
    if ('command' in planned) step.planned = planned;
    else step.existing = planned;
    return;
  }
  if (!entry.body) throw badRequest('The entry needs a resource.', 'resource');
  const body = await references.rewrite({ ...entry, body: entry.body }, context.request, context.services);
  const make =
    entry.method === 'PATCH' ? planPatch : entry.method === 'POST' || step.creates ? planCreate : planUpdate;
  step.planned = await make(entry, body, type, id, context);
}

async function submit(
  writes: readonly Step[],
  claim: string | undefined,
  claimCriteria: boolean,
  request: FhirRequest,
  services: Services,
): Promise<void> {
  const planned = writes.flatMap((step) => (step.planned ? [step.planned.command] : []));
  const commands = claim === undefined ? planned : claimedBy(planned, claim);
  try {
    await submitAll(request.principal, commands, services.fhirBase, services);
  } catch (error) {
    const failed = error instanceof LedgerError ? writes[error.index] : undefined;
    if (!failed || !(error instanceof LedgerError)) throw error;
    const notUnique = error.code === 'NOT_UNIQUE';
    if (notUnique && failed.entry.ifNoneExist !== undefined && claimCriteria) throw error;
    // A Patient's identifiers are claims of its own.
    const byClaim = claim !== undefined && error.index === claimant(commands) && failed.type !== 'Patient';
    if (notUnique && byClaim) throw doneAlready();
    await at(failed.entry, () => Promise.reject(toFhirError(error)));
  }
}

/** The answer to the first post was lost with its process, between the ledger and the store of answers. */
const doneAlready = (): FhirError =>
  new FhirError(409, {
    code: 'duplicate',
    diagnostics:
      'The transaction with this Idempotency-Key was done, and its answer was lost: look for what it wrote.',
  });

async function answer(
  step: Step,
  request: FhirRequest,
  services: Services,
  dispatch: Dispatch,
): Promise<Uint8Array> {
  const { entry, type, id, existing, planned } = step;
  if (entry.method === 'DELETE' && id === '') return responseEntry({ status: 204, headers: {} }, false);
  // By now everything is written: a read that fails says so in its own response.
  if (!existing && !planned) return answerTo(entry, request, dispatch);
  const stored = existing ?? (await written({ type, id }, services));
  const status = planned?.status ?? (stored.deleted ? 204 : 200);
  return responseEntry(
    {
      status,
      headers: {
        ETag: etag(stored.version),
        'Last-Modified': new Date(stored.lastUpdated).toISOString(),
        ...(status !== 204 && { Location: `${services.fhirBase}/${type}/${id}/_history/${stored.version}` }),
      },
      body: stored.content,
    },
    request.prefer.return === 'representation',
  );
}
