import type { JsonObject, Resource } from '../resource.ts';
import type { ResultParameters } from './search-parameters.ts';

/** The tag of a resource that is not whole. */
export const SUBSETTED = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
};
const ALWAYS = ['resourceType', 'id', 'meta'];

/** Required elements that a subset keeps, so that it stays the resource that it is. */
const KEPT = ['status', 'subject', 'patient', 'code', 'intent'];

/** A resource cut down to what `_elements` or `_summary=data` asks for, tagged SUBSETTED; else the bytes as they are. */
export function subset(
  content: Uint8Array,
  { elements, summary }: Pick<ResultParameters, 'elements' | 'summary'>,
): Uint8Array {
  if (elements === undefined && summary !== 'data') return content;
  const resource = JSON.parse(new TextDecoder().decode(content)) as Resource;
  const keep = (name: string) => {
    const element = name.replace(/^_/, '');
    if (elements === undefined) return element !== 'text';
    return ALWAYS.includes(element) || elements.includes(element) || KEPT.includes(element);
  };
  const cut = Object.fromEntries(Object.entries(resource).filter(([name]) => keep(name))) as Resource;
  const meta = (cut['meta'] ?? {}) as JsonObject;
  const tag = Array.isArray(meta['tag']) ? meta['tag'] : [];
  cut['meta'] = { ...meta, tag: [...tag, SUBSETTED] };
  return new TextEncoder().encode(JSON.stringify(cut));
}
