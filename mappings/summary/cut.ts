import { isObject, text, type Json, type JsonObject } from '../resource.ts';
import { propertiesOf, type PropertyRow } from './table.ts';

/** Which elements of a resource a client asks for. https://hl7.org/fhir/R4/search.html#summary */
export type Part = 'true' | 'text' | 'data' | { elements: readonly string[] };

/** A summary of these would be of no use: they are data, or carry resources. */
const WHOLE = ['Binary', 'Bundle', 'Parameters'];
const ALWAYS = ['resourceType', 'id', 'meta'];

/** `_birthDate` holds what belongs to `birthDate`. */
const plain = (property: string): string => property.replace(/^_/, '');

function filtered(object: JsonObject, keep: (property: string, value: Json) => Json | undefined): JsonObject {
  const kept: [string, Json][] = [];
  for (const [property, value] of Object.entries(object)) {
    const found = keep(property, value);
    if (found !== undefined) kept.push([property, found]);
  }
  return Object.fromEntries(kept);
}

const counts = ({ summary, mandatory, modifier }: PropertyRow): boolean =>
  summary === true || mandatory === true || modifier === true;

function summaryOf(value: Json, name: string): Json {
  if (Array.isArray(value)) return value.map((item) => summaryOf(item, name));
  if (!isObject(value)) return value;
  const rows = propertiesOf(name);
  return filtered(value, (property, inner) => {
    const row = rows.get(plain(property));
    if (row === undefined || !counts(row)) return undefined;
    return row.of === undefined ? inner : summaryOf(inner, row.of);
  });
}

/**
 * The part of a resource that is asked for, its mandatory elements included, and its modifiers unless its text alone is
 * wanted; undefined when that is the resource as it is. It is not tagged yet. Takes a tree with exact numbers as well.
 */
export function partOf(resource: JsonObject, part: Part): JsonObject | undefined {
  const type = text(resource['resourceType']) ?? '';
  if (part === 'data') {
    if (resource['text'] === undefined) return undefined;
    return filtered(resource, (property, value) => (plain(property) === 'text' ? undefined : value));
  }
  if (typeof part === 'string' && WHOLE.includes(type)) return undefined;
  const rows = propertiesOf(type);
  return filtered(resource, (property, value) => {
    const element = plain(property);
    if (ALWAYS.includes(element)) return value;
    const row = rows.get(element);
    if (part === 'text') return element === 'text' || row?.mandatory === true ? value : undefined;
    if (part === 'true') {
      if (row === undefined || !counts(row)) return undefined;
      return row.of === undefined ? value : summaryOf(value, row.of);
    }
    const asked = part.elements.includes(element) || part.elements.includes(row?.element ?? element);
    return asked || row?.mandatory === true || row?.modifier === true ? value : undefined;
  });
}
