import type { LedgerValue } from '@fhir-fabric-gateway/chaincode/api';
import { parseLiteral } from '@fhir-fabric-gateway/mappings';
import { open } from '../content/envelope.ts';
import type { JsonObject } from '../fhir/resource.ts';
import type { IndexReader } from '../index-store/port.ts';

/**
 * Whose record the targets of Provenances are in, as this gateway knows them: resources of the same transaction, or of
 * the index. Needed because a Provenance is owned by its targets' owner, and its writer may lie.
 */
export async function ownersOfTargets(
  values: readonly LedgerValue[],
  index: Pick<IndexReader, 'get'>,
): Promise<(reference: string) => string | undefined> {
  const owners = new Map<string, string>();
  for (const value of values) {
    if (value.kind === 'entry' && value.patient !== undefined)
      owners.set(`${value.type}/${value.id}`, value.patient);
  }
  for (const target of values.flatMap(targetsOf)) {
    const literal = parseLiteral(target);
    const name = `${literal?.type}/${literal?.id}`;
    if (!literal?.local || owners.has(name)) continue;
    const stored = await index.get(literal.type, literal.id);
    if (stored?.patient !== undefined) owners.set(name, stored.patient);
  }
  return (reference) => {
    const literal = parseLiteral(reference);
    return literal && owners.get(`${literal.type}/${literal.id}`);
  };
}

function targetsOf(value: LedgerValue): string[] {
  if (value.kind !== 'entry' || value.type !== 'Provenance' || !value.content) return [];
  try {
    const { target } = JSON.parse(open(value.content)) as { target: JsonObject[] };
    return target.map(({ reference }) => String(reference));
  } catch {
    // What cannot be read is set aside when the entry is judged.
    return [];
  }
}
