import { LedgerError } from '@fhir-fabric-gateway/chaincode/api';
import { assertRoleMayRead } from '../../consent/roles.ts';
import type { StoredResource } from '../../index-store/port.ts';
import type { Services } from '../../services.ts';
import { badRequest, gone } from '../errors.ts';
import { parseJson } from '../json/parse.ts';
import { applyFhirPathPatch } from '../patch/fhirpath-patch.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import type { FhirRequest, FhirResponse, RequestBody } from '../request.ts';
import { asBody } from '../write/body.ts';
import { updateCommand, type Replaced } from '../write/commands.ts';
import { assertDraft, assertValid } from '../write/draft.ts';
import { assertIfMatch } from '../write/if-match.ts';
import type { PreparedWrite } from '../write/prepare.ts';
import { retryWhenStale, submitOne } from '../write/submit.ts';
import { respondToWrite } from './respond.ts';
import { judgeUpdate } from './update.ts';
import { seenResource, visibilityOf } from './visible.ts';

/**
 * https://hl7.org/fhir/R4/http.html#patch: a JSON Patch or a FHIRPath Patch, judged as the update that it comes to. What a
 * patch does depends on what is there, so that the token must let the caller read it as well.
 */
export async function patch(request: FhirRequest, services: Services): Promise<FhirResponse> {
  const { type = '', id = '' } = request;
  return services.updates.run(`${type}/${id}`, () =>
    retryWhenStale(async () => {
      const { write, ...replaced } = await judgePatch(request, id, services);
      const command = updateCommand(write, replaced, request.principal, services);
      const stored = await submitOne(request.principal, command, { type, id }, services);
      return respondToWrite(stored, 200, request, services);
    }),
  );
}

/**
 * Everything that a patch must pass before it goes to the ledger, with the version that it replaces. Throws STALE when
 * that has been replaced meanwhile.
 */
export async function judgePatch(
  request: FhirRequest,
  id: string,
  services: Services,
  grants?: Parameters<typeof judgeUpdate>[4],
): Promise<Replaced & { write: PreparedWrite }> {
  const { type = '', principal } = request;
  assertRoleMayRead(principal.requester.role, type);
  const visibility = visibilityOf(request, 'read', type);
  const stored = await seenResource(request, visibility, type, id, services);
  if (stored.deleted) throw gone(`${type}/${id}`);
  assertIfMatch(request.ifMatch, stored.version);
  const body = assertDraft(patchedBody(stored, request, services), type, services);
  assertSameVersion(stored, body);
  const judged = await judgeUpdate(request, body, id, services, grants);
  if (judged.version !== stored.version) throw new LedgerError('STALE');
  return judged;
}

function patchedBody(stored: StoredResource, request: FhirRequest, services: Services): RequestBody {
  const document = parseJson(stored.content);
  if (request.jsonPatch) return asBody(applyJsonPatch(document, request.jsonPatch));
  const { body } = request;
  if (!body) throw badRequest('A patch is missing.');
  if (body.resource.resourceType !== 'Parameters')
    throw badRequest('A FHIRPath Patch is a Parameters resource.', 'resourceType');
  assertValid(body.resource, services);
  return asBody(applyFhirPathPatch(document, body));
}

/** What the server says of a version is not a client's to change. */
function assertSameVersion({ type, id, content }: StoredResource, { resource }: RequestBody): void {
  const before = parseJson(content).resource;
  const meta = (value: unknown) => (value ?? {}) as { versionId?: unknown; lastUpdated?: unknown };
  const [was, is] = [meta(before['meta']), meta(resource['meta'])];
  const changed =
    resource['id'] !== id
      ? 'id'
      : (['versionId', 'lastUpdated'] as const).find(
          (name) => is[name] !== undefined && is[name] !== was[name],
        );
  if (changed === undefined) return;
  const element = changed === 'id' ? `${type}.id` : `${type}.meta.${changed}`;
  throw badRequest(`A patch cannot change ${element}.`, element);
}
