import { RESOURCE_TYPES, typeRow } from '@fhir-fabric-gateway/chaincode/api';
import { parametersOf } from '@fhir-fabric-gateway/mappings';

/** Types of which the index holds something: not those that only define, nor the log of accesses. */
const stored = (type: string): boolean =>
  type !== 'AuditEvent' && (typeRow(type)?.homes.some((home) => home !== 'definitional') ?? false);

let byTarget: ReadonlyMap<string, string[]> | undefined;

function load(): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  for (const source of RESOURCE_TYPES.filter(stored)) {
    for (const { type, code, targets = [], extracted } of parametersOf(source)) {
      if (type !== 'reference' || extracted === false) continue;
      for (const target of new Set(targets))
        found.set(target, [...(found.get(target) ?? []), `${source}:${code}`]);
    }
  }
  return found;
}

/**
 * Values of `_revinclude` that can bring something to resources of a type, `Observation:subject`, by source type;
 * `CapabilityStatement.rest.resource.searchRevInclude`.
 */
export function revIncludesOf(type: string): readonly string[] {
  byTarget ??= load();
  return byTarget.get(type) ?? [];
}
