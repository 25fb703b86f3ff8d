import type { Services } from '../../services.ts';
import { badRequest, gone, type Issue } from '../errors.ts';
import { toFhirError } from '../http/failure.ts';
import { operationOutcome } from '../http/outcome.ts';
import { judgeCreate } from '../interactions/create.ts';
import { judgeDelete } from '../interactions/delete.ts';
import { judgeUpdate } from '../interactions/update.ts';
import { seenResource, visibilityOf } from '../interactions/visible.ts';
import { parseJson } from '../json/parse.ts';
import type { FhirRequest, FhirResponse, RequestBody } from '../request.ts';
import type { Resource } from '../resource.ts';
import { createCommand, updateCommand } from '../write/commands.ts';
import { assertDraft } from '../write/draft.ts';
import { ownersOfTargets } from '../write/owners.ts';
import { prepareWrite } from '../write/prepare.ts';
import { assertMayErase } from './erase.ts';
import { givenText, type GivenParameters } from './given-parameters.ts';

const MODES = ['create', 'update', 'delete', 'profile'];

/**
 * https://hl7.org/fhir/R4/resource-operation-validate.html, of a type and of a resource that is there: what a write would
 * say, without writing. Without a mode, and with `profile`, the rules of FHIR and of the record; `create`, `update` and
 * `delete` ask besides whether this caller could. What only the ledger knows (an identifier that is held already) is said
 * when it is written. Answers 200 with an OperationOutcome, whatever is wrong with the resource.
 */
export async function validate(
  request: FhirRequest,
  given: GivenParameters,
  services: Services,
): Promise<FhirResponse> {
  const mode = givenText(given, 'mode');
  if (mode !== undefined && !MODES.includes(mode))
    throw badRequest(`mode is one of ${MODES.join(', ')}.`, 'mode');
  const profile = givenText(given, 'profile');
  const body = mode === 'delete' ? undefined : (given.resource ?? (await storedBody(request, services)));
  const issues = await issuesOf(async (found) => {
    if (!body) return judgeRemoval(request, services);
    found.push(...services.validate(body.resource));
    const { type = '' } = request;
    found.push(...profileIssues(type, profile));
    if (found.some(isError)) return;
    await judge(mode, request, body, services);
  });
  return { status: 200, headers: {}, body: operationOutcome(issues.length > 0 ? issues : [VALID]) };
}

const VALID: Issue = {
  severity: 'information',
  code: 'informational',
  diagnostics: 'Nothing is wrong with it.',
};

const isError = ({ severity = 'error' }: Issue): boolean => severity === 'error' || severity === 'fatal';

/** What was found, and what a write would have been refused with; a failure of the server's own stays one. */
async function issuesOf(check: (found: Issue[]) => Promise<void>): Promise<Issue[]> {
  const found: Issue[] = [];
  try {
    await check(found);
  } catch (error) {
    const refusal = toFhirError(error);
    if (refusal.status >= 500 || refusal.status === 429) throw error;
    found.push(...refusal.issues);
  }
  return found;
}

/** The resource that is there, for a call on it that brings none. */
async function storedBody(request: FhirRequest, services: Services): Promise<RequestBody> {
  const { type = '', id } = request;
  if (id === undefined) throw badRequest('resource is missing.', 'resource');
  const stored = await seenResource(request, visibilityOf(request, 'read', type), type, id, services);
  if (stored.deleted) throw gone(`${type}/${id}`);
  const { resource, exact } = parseJson(stored.content);
  return { resource: resource as Resource, ...(exact && { exact: exact as Resource }) };
}

async function judgeRemoval(request: FhirRequest, services: Services): Promise<void> {
  const { type = '', id } = request;
  if (id === undefined) throw badRequest('A delete is validated on the resource itself.', 'mode');
  if (type === 'Patient') await assertMayErase(request, id, services);
  else if ((await judgeDelete(request, type, id, services)).deleted) throw gone(`${type}/${id}`);
}

async function judge(
  mode: string | undefined,
  request: FhirRequest,
  given: RequestBody,
  services: Services,
): Promise<void> {
  const { type = '', principal } = request;
  const body = assertDraft(given, type, services);
  const own = body.resource['id'];
  const id = request.id ?? (typeof own === 'string' ? own : undefined);
  if (mode === 'create') {
    const write = await judgeCreate(request, body, services.newId(), services);
    createCommand(write, principal, services);
  } else if (mode === 'update') {
    if (id === undefined || own !== id)
      throw badRequest('What is updated has the id of what is there.', `${type}.id`);
    const { write, ...replaced } = await judgeUpdate(request, body, id, services);
    updateCommand(write, replaced, principal, services);
  } else {
    const resolve = await ownersOfTargets(body.resource, request, services);
    prepareWrite(body, id ?? services.newId(), services, resolve);
  }
}

/** What is said of a profile that this server cannot check by: the base definition is checked always. */
function profileIssues(type: string, profile: string | undefined): Issue[] {
  if (profile === undefined || profile === `http://hl7.org/fhir/StructureDefinition/${type}`) return [];
  const diagnostics = 'This profile is not loaded here: nothing is said of it.';
  return [{ code: 'not-supported', diagnostics, expression: ['profile'] }];
}
