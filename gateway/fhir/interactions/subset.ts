import { partOf, type Part } from '@fhir-fabric-gateway/mappings';
import { parseExact } from '../json/exact.ts';
import { JSON_LIMITS } from '../json/limits.ts';
import { scan } from '../json/scan.ts';
import { stringify } from '../json/stringify.ts';
import type { JsonObject } from '../resource.ts';
import type { ResultParameters } from './search-parameters.ts';

/** The tag of a resource that is not whole. */
export const SUBSETTED = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
};

/** Which part of resources is asked for; undefined for all of them. */
function asked({ elements, summary }: Pick<ResultParameters, 'elements' | 'summary'>): Part | undefined {
  if (elements !== undefined) return { elements };
  return summary === 'true' || summary === 'text' || summary === 'data' ? summary : undefined;
}

/** Stored content as a tree, with numbers as they were written. */
function treeOf(content: Uint8Array): JsonObject {
  const text = new TextDecoder().decode(content);
  const exact = scan(content, JSON_LIMITS.depth).inexact ? parseExact(text) : undefined;
  return (exact ?? JSON.parse(text)) as JsonObject;
}

/**
 * A resource cut down to what `_elements` or `_summary` asks for, tagged SUBSETTED; else the bytes as they are.
 * https://hl7.org/fhir/R4/search.html#summary
 */
export function subset(
  content: Uint8Array,
  wanted: Pick<ResultParameters, 'elements' | 'summary'>,
): Uint8Array {
  const part = asked(wanted);
  if (part === undefined) return content;
  const cut = partOf(treeOf(content), part);
  if (cut === undefined) return content;
  const meta = (cut['meta'] ?? {}) as JsonObject;
  const tag = Array.isArray(meta['tag']) ? meta['tag'] : [];
  const { resourceType = '', id = '', meta: _, ...rest } = cut;
  return new TextEncoder().encode(
    stringify({ resourceType, id, meta: { ...meta, tag: [...tag, SUBSETTED] }, ...rest }),
  );
}
