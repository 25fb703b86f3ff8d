import { LedgerError } from '@fhir-fabric-gateway/chaincode/api';
import { outcomeOf, type AuditAgent, type AuditRecord, type Interaction } from '../audit/index.ts';
import { AuditTrail } from '../audit/trail.ts';
import type { Metrics } from '../metrics.ts';
import type { Services } from '../services.ts';
import type { BundleRequest } from './bundle/entries.ts';
import { FhirError, notFound } from './errors.ts';
import { assertFresh, assertNothingHeld } from './freshness-gate.ts';
import { formatQuery } from './http/query.ts';
import { toFhirError } from './http/failure.ts';
import type { FhirRequest, FhirResponse } from './request.ts';
import { findRoute, type RouteMatch } from './routes.ts';

/** Writes audit records; resolves once they are on disk. */
export type Audit = (records: readonly AuditRecord[]) => Promise<void>;

/**
 * The steps of every interaction: route → is the index fresh enough → role, scope and consent (in the handler) →
 * interaction → is anything missing of what it discloses → audit. Nothing is answered, success or refusal, before its audit record is on disk.
 */
export class Dispatcher {
  readonly #services: Services;
  readonly #audit: Audit;
  readonly #metrics: Metrics;

  constructor(services: Services, audit: Audit, metrics: Metrics) {
    this.#services = services;
    this.#audit = audit;
    this.#metrics = metrics;
  }

  /** Runs a matched request. Throws FhirErrors, after they have been audited. */
  async run(match: RouteMatch, request: FhirRequest, address: string): Promise<FhirResponse> {
    const start = performance.now();
    const { interaction } = match.route;
    const { trail } = request;
    trail.recordsOf = (status) => auditRecords(interaction, request, status, address);
    const outcome = await this.#outcome(match, request, address);
    if (trail.audited !== outcome.status) await this.#audit(trail.recordsOf(outcome.status));
    this.#metrics.answered(interaction, outcome.status, performance.now() - start);
    if (outcome instanceof FhirError) throw outcome;
    return outcome;
  }

  async #outcome(
    match: RouteMatch,
    request: FhirRequest,
    address: string,
  ): Promise<FhirResponse | FhirError> {
    const { principal, trail } = request;
    const { freshness } = this.#services;
    try {
      assertFresh(match, principal, freshness);
      const response = await match.route.handler(request, this.#services, {
        assertRoute: (entry) => void matchOrThrow(entry.method, entry.path),
        run: (entry, outer) => this.#runEntry(entry, outer, address),
      });
      assertNothingHeld(match, response, trail, principal, freshness);
      return response;
    } catch (error) {
      const failure = toFhirError(error);
      // That the ledger can't be reached is said once, not for each request.
      const known = error instanceof LedgerError && failure.status === 503;
      const meant = failure === error && failure.cause === undefined;
      if (failure.status >= 500 && !meant && !known) this.#services.onFailure(error, request.requestId);
      return failure;
    }
  }

  #runEntry(entry: BundleRequest, outer: FhirRequest, address: string): Promise<FhirResponse> {
    const match = matchOrThrow(entry.method, entry.path);
    if (match.route.path === '')
      throw new FhirError(400, { code: 'not-supported', diagnostics: 'Bundles do not nest.' });
    const {
      body: _body,
      jsonPatch: _patch,
      type: _type,
      id: _id,
      version: _version,
      compartment: _compartment,
      operation: _operation,
      query: _query,
      idempotencyKey: _key,
      ...own
    } = outer;
    const { ifMatch, ifNoneMatch, ifModifiedSince, ifNoneExist, body, jsonPatch } = entry;
    return this.run(
      match,
      {
        ...own,
        ...pathOf(match),
        query: entry.query,
        trail: new AuditTrail(),
        ...(body && { body }),
        ...(jsonPatch && { jsonPatch }),
        ...(ifMatch !== undefined && { ifMatch }),
        ...(ifNoneMatch !== undefined && { ifNoneMatch }),
        ...(ifModifiedSince !== undefined && { ifModifiedSince }),
        ...(ifNoneExist !== undefined && { ifNoneExist }),
      },
      address,
    );
  }
}

/** The path parameters of a matched route. */
export function pathOf({
  route: { operation },
  type,
  id,
  version,
  compartment,
}: RouteMatch): Pick<FhirRequest, 'type' | 'id' | 'version' | 'compartment' | 'operation'> {
  return {
    ...(operation !== undefined && { operation }),
    ...(type !== undefined && { type }),
    ...(id !== undefined && { id }),
    ...(version !== undefined && { version }),
    ...(compartment !== undefined && { compartment }),
  };
}

/** The route, or 405 with the methods that the path has, or 404. */
export function matchOrThrow(method: string, path: string): RouteMatch {
  const found = findRoute(method, path);
  if ('route' in found) return found;
  if (found.allowed.length > 0) {
    throw new FhirError(
      405,
      { code: 'not-supported', diagnostics: `${method} is not supported here.` },
      { Allow: found.allowed.join(', ') },
    );
  }
  throw notFound(`/${path.slice(0, 200)}`);
}

const SEARCHES: readonly Interaction[] = ['search-type', 'search-system', 'history-instance', 'operation'];

/** One record for each patient concerned; what is in nobody's record makes one of its own. */
function auditRecords(
  interaction: Interaction,
  request: FhirRequest,
  status: number,
  address: string,
): AuditRecord[] {
  const { trail, principal } = request;
  const agent: AuditAgent = {
    identity: principal.identity,
    role: principal.requester.role,
    client: principal.client,
    display: principal.display,
    address,
    ...(principal.requester.person !== undefined && { person: principal.requester.person }),
    ...(principal.requester.organization !== undefined && { organization: principal.requester.organization }),
  };
  const searches = SEARCHES.includes(interaction);
  const base: AuditRecord = {
    at: request.now,
    interaction,
    outcome: outcomeOf(status),
    status,
    agent,
    entities: [],
    requestId: request.requestId,
    purpose: principal.purpose,
    ...(searches && { query: searchOf(request, interaction) }),
  };
  const records: AuditRecord[] = Array.from(trail.patients, ([patient, references]) => ({
    ...base,
    patient,
    entities: searches ? [] : [...references].map(entityOf),
  }));
  if (trail.others.size > 0 || records.length === 0) {
    records.push({
      ...base,
      entities: searches ? [] : [...trail.others].map(entityOf),
    });
  }
  return records;
}

function searchOf(
  { type, id, query, compartment = 'Patient', operation }: FhirRequest,
  interaction: Interaction,
): string {
  if (operation !== undefined) {
    const called = [type, id, `$${operation}`].filter((part) => part !== undefined).join('/');
    return query.length === 0 ? called : `${called}?${formatQuery(query)}`;
  }
  const inRecord = id !== undefined && type !== 'Patient' && interaction !== 'operation';
  const path = [inRecord ? `${compartment}/${id}` : undefined, type].filter((part) => part !== undefined);
  return `${path.join('/')}?${formatQuery(query)}`;
}

function entityOf(reference: string): { reference: string; version?: number } {
  const [, plain = reference, version] = /^(.*)\/_history\/(\d+)$/.exec(reference) ?? [];
  return { reference: plain, ...(version !== undefined && { version: Number(version) }) };
}
