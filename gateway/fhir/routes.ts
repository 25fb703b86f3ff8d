import { typeRow } from '@fhir-fabric-gateway/chaincode/api';
import type { Compartment } from '@fhir-fabric-gateway/mappings';
import type { Interaction } from '../audit/index.ts';
import type { Services } from '../services.ts';
import type { Dispatch } from './bundle/batch.ts';
import { bundle } from './bundle/bundle.ts';
import { readAuditEvent, searchAuditEvents } from './interactions/audit-events.ts';
import { conditionalDelete, conditionalPatch, conditionalUpdate } from './interactions/conditional.ts';
import { create } from './interactions/create.ts';
import { remove } from './interactions/delete.ts';
import { readDefinition, searchDefinitions } from './interactions/definitions.ts';
import { history } from './interactions/history.ts';
import { patch } from './interactions/patch.ts';
import { read } from './interactions/read.ts';
import { search } from './interactions/search.ts';
import { update } from './interactions/update.ts';
import { vread } from './interactions/vread.ts';
import { readOwnDefinition } from './operations/definition.ts';
import { explainConsent } from './operations/explain.ts';
import { EXPLAIN_DEFINITION } from './operations/explain-definition.ts';
import { routesOf } from './operations/routes-of.ts';
import { OPERATIONS } from './operations/table.ts';
import { TERMINOLOGY_ROUTES } from './operations/terminology/routes.ts';
import type { FhirRequest, FhirResponse } from './request.ts';

export type Handler = (request: FhirRequest, services: Services, dispatch: Dispatch) => Promise<FhirResponse>;

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /**
   * Segments after the FHIR base; `$type`, `$id`, `$version` stand for themselves, `$types` also for `*`, `$definition` for
   * types of definitions.
   */
  path: string;
  interaction: Interaction;
  handler: Handler;
  /** Name of the operation that this calls. */
  operation?: string;
  /** Whether that operation writes. */
  changesState?: boolean;
}

const route = (method: Route['method'], path: string, interaction: Interaction, handler: Handler): Route => ({
  method,
  path,
  interaction,
  handler,
});

/** https://hl7.org/fhir/R4/compartmentdefinition.html */
export const COMPARTMENTS: readonly Compartment[] = [
  'Patient',
  'Encounter',
  'RelatedPerson',
  'Practitioner',
  'Device',
];
const EXPLAIN = [
  ['GET', 'Consent/$explain'],
  ['POST', 'Consent/$explain'],
  ['GET', 'Consent/$id/$explain'],
] as const;

const ownDefinition = readOwnDefinition(OPERATIONS, [EXPLAIN_DEFINITION]);
const readOperationDefinition: Handler = async (request, services) =>
  ownDefinition(request) ?? (await readDefinition(request, services));

/**
 * Every interaction, as https://hl7.org/fhir/R4/http.html lists them; the first that matches is taken. The
 * CapabilityStatement is made from this table.
 */
export const ROUTES: readonly Route[] = [
  route('GET', 'AuditEvent/$id', 'read', readAuditEvent),
  route('GET', 'AuditEvent', 'search-type', searchAuditEvents),
  route('POST', 'AuditEvent/_search', 'search-type', searchAuditEvents),
  ...OPERATIONS.flatMap(routesOf),
  ...TERMINOLOGY_ROUTES,
  ...EXPLAIN.map(([method, path]) => route(method, path, 'operation', explainConsent)),
  route('GET', 'OperationDefinition/$id', 'read', readOperationDefinition),
  route('GET', '$definition/$id', 'read', readDefinition),
  route('GET', '$definition', 'search-type', searchDefinitions),
  route('POST', '$definition/_search', 'search-type', searchDefinitions),
  route('GET', '$type/$id', 'read', read),
  route('GET', '$type/$id/_history/$version', 'vread', vread),
  route('GET', '$type/$id/_history', 'history-instance', history),
  route('PUT', '$type/$id', 'update', update),
  route('PATCH', '$type/$id', 'patch', patch),
  route('DELETE', '$type/$id', 'delete', remove),
  route('POST', '$type/_search', 'search-type', search),
  route('POST', '$type', 'create', create),
  route('PUT', '$type', 'update', conditionalUpdate),
  route('PATCH', '$type', 'patch', conditionalPatch),
  route('DELETE', '$type', 'delete', conditionalDelete),
  route('GET', '$type', 'search-type', search),
  ...COMPARTMENTS.map((compartment) => route('GET', `${compartment}/$id/$types`, 'search-type', search)),
  route('POST', '_search', 'search-system', search),
  route('GET', '', 'search-system', search),
  route('POST', '', 'transaction', bundle),
];

export interface RouteMatch {
  route: Route;
  type?: string;
  id?: string;
  version?: string;
  /** Of a search within a compartment: whose `id` is. */
  compartment?: Compartment;
}

const ID = /^[A-Za-z0-9.-]{1,64}$/;

/** The table with its paths taken apart, by how many segments they have. */
const BY_LENGTH = Map.groupBy(
  ROUTES.map((one) => ({ one, wanted: one.path.split('/') })),
  ({ wanted }) => wanted.length,
);

const isDefinitional = (type: string): boolean => typeRow(type)?.homes[0] === 'definitional';

function matchPath(
  wanted: readonly string[],
  given: readonly string[],
): Omit<RouteMatch, 'route'> | undefined {
  const match: Omit<RouteMatch, 'route'> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? '';
    if (segment === '$type' && typeRow(value)) match.type = value;
    else if (segment === '$definition' && isDefinitional(value)) match.type = value;
    else if (segment === '$types' && (value === '*' || typeRow(value))) {
      if (value !== '*') match.type = value;
    } else if (segment === '$id' && ID.test(value)) match.id = value;
    else if (segment === '$version' && ID.test(value)) match.version = value;
    else if (segment !== value) return undefined;
    else if (typeRow(segment)) match.type = segment;
  }
  if (wanted.at(-1) !== '$types') return match;
  if (given.at(-1) === '*') delete match.type;
  const compartment = COMPARTMENTS.find((one) => one === wanted[0]);
  if (compartment) match.compartment = compartment;
  return match;
}

/** The route of a request; `allowed` are the methods that the path has when the one asked for is none of them. */
export function findRoute(method: string, path: string): RouteMatch | { allowed: string[] } {
  const asked = method === 'HEAD' ? 'GET' : method;
  const allowed = new Set<string>();
  const given = path.split('/');
  for (const { one, wanted } of BY_LENGTH.get(given.length) ?? []) {
    const match = matchPath(wanted, given);
    if (!match) continue;
    if (one.method === asked) return { route: one, ...match };
    allowed.add(one.method);
  }
  return { allowed: [...allowed] };
}
