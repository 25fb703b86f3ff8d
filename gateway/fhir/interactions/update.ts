import { isDeepStrictEqual } from 'node:util';
import { LedgerError } from '@fhir-fabric-gateway/chaincode/api';
import { subjectRow } from '@fhir-fabric-gateway/mappings';
import { assertWriteScope } from '../../consent/scopes.ts';
import { assertMayWrite } from '../../consent/writes.ts';
import type { IndexReader, StoredResource } from '../../index-store/port.ts';
import type { Services } from '../../services.ts';
import { FhirError, badRequest, notFound } from '../errors.ts';
import type { FhirRequest, FhirResponse, RequestBody } from '../request.ts';
import type { Resource } from '../resource.ts';
import { updateCommand, type Replaced } from '../write/commands.ts';
import { criteriaClaim, identifierClaims } from '../write/criteria.ts';
import { assertDraft } from '../write/draft.ts';
import { assertIfMatch, assertIfNoneMatch } from '../write/if-match.ts';
import { assertOwnPatientChange } from '../write/own-patient.ts';
import { ownersOfTargets } from '../write/owners.ts';
import { prepareWrite, type PreparedWrite } from '../write/prepare.ts';
import { parseStored, subjectOfNew, subjectOfStored } from '../write/subject.ts';
import { retryWhenStale, submitOne } from '../write/submit.ts';
import { respondToWrite } from './respond.ts';
import { fullVisibility } from './visible.ts';

/** https://hl7.org/fhir/R4/http.html#update, with If-Match; as create for systems and HR (#upsert). */
export async function update(request: FhirRequest, services: Services): Promise<FhirResponse> {
  const { type = '', id = '' } = request;
  const body = assertDraft(request.body, type, services);
  if (body.resource['id'] !== id) {
    throw badRequest(`The body's id must be ${id}, as in the URL.`, `${type}.id`);
  }
  const attempt = async () => {
    const { write, ...replaced } = await judgeUpdate(request, body, id, services);
    const submit = (change: Replaced) =>
      submitOne(
        request.principal,
        updateCommand(write, change, request.principal, services),
        { type, id },
        services,
      );
    const identifiers = replaced.version === 0 ? identifierClaims(body.resource) : [];
    const claims = { ...replaced, unique: [...(replaced.unique ?? []), ...identifiers] };
    // Whoever names the id may have a second Patient of an identifier: it is a POST that must not make one unawares.
    const stored = await (identifiers.length === 0
      ? submit(replaced)
      : submit(claims).catch((error: unknown) => {
          if (!isNotUnique(error) || request.ifNoneExist !== undefined) throw error;
          return submit(replaced);
        }));
    return respondToWrite(stored, replaced.created ? 201 : 200, request, services);
  };
  return services.updates.run(`${type}/${id}`, () => retryWhenStale(attempt));
}

/** Everything that an update must pass before it goes to the ledger; answers the version that it replaces, 0 for none. */
export async function judgeUpdate(
  request: FhirRequest,
  body: RequestBody,
  id: string,
  services: Services,
  grants: Pick<IndexReader, 'record' | 'rules'> = services.index,
): Promise<Replaced & { write: PreparedWrite }> {
  const { principal } = request;
  const { resourceType: type } = body.resource;
  const write = prepareWrite(body, id, services, await ownersOfTargets(body.resource, request, services));
  const next = subjectOfNew(write, true);
  assertWriteScope(principal, 'update', type, next.patient);
  request.trail.touch(next.patient, `${type}/${id}`);

  const stored = await services.index.get(type, id);
  const seen = stored !== undefined && (await services.index.sees(fullVisibility(request), stored));
  if (!stored || !seen) {
    await assertUpdateAsCreate(request, write, grants);
    if (stored) throw new FhirError(409, { code: 'duplicate', diagnostics: `${type}/${id} is taken.` });
    assertIfMatch(request.ifMatch, undefined);
    return { write, version: 0, created: true, unique: criteriaOf(request, write) };
  }

  request.trail.touch(stored.patient, `${type}/${id}`);
  const before = subjectOfStored(stored, principal);
  await assertMayWrite(principal, before, request.now, grants);
  if (stored.patient !== next.patient || stored.home !== next.home) {
    throw new FhirError(422, {
      code: 'business-rule',
      diagnostics: 'An update cannot move a resource to another owner.',
      expression: [[type, subjectRow(type)?.element].filter((part) => part !== undefined).join('.')],
    });
  }
  await assertMayWrite(principal, next, request.now, grants);
  if (type === 'Patient' && principal.requester.role === 'patient') {
    assertOwnPatientChange(parseStored(stored), write.body.resource);
  }
  assertIfMatch(request.ifMatch, stored.deleted ? undefined : stored.version);
  assertIfNoneMatch(request.ifNoneMatch, stored.deleted ? undefined : stored.version);
  return { write, version: stored.version, created: stored.deleted, ...claimsOf(stored, body.resource) };
}

async function assertUpdateAsCreate(
  request: FhirRequest,
  write: PreparedWrite,
  grants: Pick<IndexReader, 'record' | 'rules'>,
): Promise<void> {
  const { role } = request.principal.requester;
  const opensRecord = write.type === 'Patient' && role === 'system';
  if (!opensRecord) await assertMayWrite(request.principal, subjectOfNew(write), request.now, grants);
  if (role !== 'system' && role !== 'hr') throw notFound(`${write.type}/${write.id}`);
}

const isNotUnique = (error: unknown): boolean => error instanceof LedgerError && error.code === 'NOT_UNIQUE';

/** What a conditional update that creates holds, as a conditional create does. */
function criteriaOf({ ifNoneExist }: FhirRequest, { type, classification }: PreparedWrite): string[] {
  return ifNoneExist === undefined ? [] : [criteriaClaim(type, ifNoneExist, classification.patient)];
}

/** A conditional create's criteria go with the version that met them; a Patient's identifiers are claimed as they change. */
function claimsOf(stored: StoredResource, next: Resource): { unique?: string[] } {
  if (stored.type !== 'Patient') return { unique: [] };
  if (stored.deleted || isDeepStrictEqual(parseStored(stored)['identifier'], next['identifier'])) return {};
  return { unique: identifierClaims(next) };
}
