import { parseLiteral } from '@fhir-fabric-gateway/mappings';
import type { Services } from '../../services.ts';
import { fullVisibility } from '../interactions/visible.ts';
import type { FhirRequest } from '../request.ts';
import type { JsonObject, Resource } from '../resource.ts';
import type { ResolveOwner } from './prepare.ts';

/**
 * For a Provenance, whose owner is its targets': looks them up beforehand, as far as the caller sees them.
 * `pending` are resources of the same transaction: `Type/id` → Patient id.
 */
export async function ownersOfTargets(
  resource: Resource,
  request: FhirRequest,
  services: Services,
  pending: ReadonlyMap<string, string> = new Map(),
): Promise<ResolveOwner | undefined> {
  if (resource.resourceType !== 'Provenance') return undefined;
  const owners = new Map(pending);
  const visibility = fullVisibility(request);
  for (const target of (resource['target'] ?? []) as JsonObject[]) {
    const literal = parseLiteral(String(target['reference']), services.fhirBase);
    if (!literal?.local || owners.has(`${literal.type}/${literal.id}`)) continue;
    const { type, id } = literal;
    const stored = await services.index.get(type, id);
    if (stored?.patient !== undefined && (await services.index.sees(visibility, stored))) {
      owners.set(`${type}/${id}`, stored.patient);
    }
  }
  return (reference) => owners.get(reference);
}
