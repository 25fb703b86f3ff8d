import { viewerOf, type AuditViewer } from '../../audit/index.ts';
import { assertRoleMayRead } from '../../consent/roles.ts';
import { insufficientScope } from '../../consent/scopes.ts';
import { coversType, type ScopeFilter, type Visibility } from '../../consent/visibility.ts';
import type { Services } from '../../services.ts';
import { bundleOf, rawEntry } from '../bundle/text.ts';
import { notFound } from '../errors.ts';
import { formatQuery } from '../http/query.ts';
import type { FhirRequest, FhirResponse } from '../request.ts';
import { openPage, pageHolder, sealPage } from './page-token.ts';
import { resultParameters } from './search-parameters.ts';
import { subset } from './subset.ts';
import { visibilityOf } from './visible.ts';

/** Read of an AuditEvent: it comes from the audit log, not from the ledger. */
export async function readAuditEvent(request: FhirRequest, services: Services): Promise<FhirResponse> {
  const { id = '' } = request;
  const event = await services.audit.get(id, viewer(request, 'read', services));
  if (!event) throw notFound(`AuditEvent/${id}`);
  return { status: 200, headers: { ETag: 'W/"1"' }, body: JSON.stringify(event) };
}

/** Search of AuditEvents, newest first: who did what with whose record, as far as that is the caller's to know. */
export async function searchAuditEvents(request: FhirRequest, services: Services): Promise<FhirResponse> {
  const wanted = resultParameters(request.query);
  const own = request.query.filter(([name]) => name !== '_page');
  const boundTo = JSON.stringify(['/AuditEvent', own, pageHolder(request.principal)]);
  const countOnly = wanted.summary === 'count' || wanted.count === 0;
  const result = await services.audit.search(
    {
      parameters: wanted.criteria,
      lenient: request.prefer.lenient,
      sort: wanted.sort,
      count: countOnly ? 0 : wanted.count,
      total: countOnly ? 'accurate' : wanted.total,
      ...(wanted.page !== undefined && { after: openPage(wanted.page, boundTo, services.pageSecret) }),
    },
    viewer(request, 'search', services),
  );
  const url = `${services.fhirBase}/AuditEvent`;
  const link = (page?: string) => {
    const pairs = page === undefined ? own : [...own, ['_page', page] as const];
    return pairs.length === 0 ? url : `${url}?${formatQuery(pairs)}`;
  };
  const whole = wanted.page === undefined && result.after === undefined;
  const total = result.total ?? (whole ? result.matches.length : undefined);
  return {
    status: 200,
    headers: {},
    body: bundleOf({
      type: 'searchset',
      id: services.newId(),
      ...(total !== undefined && { total }),
      links: {
        self: link(wanted.page),
        ...(result.after !== undefined && {
          next: link(sealPage(result.after, boundTo, services.pageSecret)),
        }),
      },
      entries: result.matches.map((event) =>
        rawEntry({
          fullUrl: `${url}/${event.id}`,
          resource: subset(new TextEncoder().encode(JSON.stringify(event)), wanted),
          rest: { search: { mode: 'match' } },
        }),
      ),
    }),
  };
}

/**
 * The patient to whom the scopes that cover AuditEvents are confined, if all of them are. Scopes with search parameters
 * don't count, since nothing applies those to the log; throws 403 `insufficient_scope` when there are no others.
 */
function confinementOf(scopes: readonly ScopeFilter[], permission: 'read' | 'search'): string | undefined {
  const covering = scopes.filter((scope) => scope.query === undefined && coversType([scope], 'AuditEvent'));
  if (covering.length === 0) throw insufficientScope(permission, 'AuditEvent');
  return covering.every(({ onlyPatient }) => onlyPatient !== undefined)
    ? covering[0]?.onlyPatient
    : undefined;
}

function viewer(request: FhirRequest, permission: 'read' | 'search', services: Services): AuditViewer {
  const { principal } = request;
  assertRoleMayRead(principal.requester.role, 'AuditEvent');
  const visibility = visibilityOf(request, permission, 'AuditEvent');
  const onlyPatient = confinementOf(visibility.scopes, permission);
  const mayRead = async (patients: readonly string[]) => {
    const readable = new Set<string>();
    const all: Visibility = { ...visibility, scopes: [{ type: '*' }] };
    for (const patient of patients) {
      const stored = await services.index.get('Patient', patient);
      if (stored && (await services.index.sees(all, stored))) readable.add(patient);
    }
    return readable;
  };
  return viewerOf(principal, mayRead, onlyPatient);
}
