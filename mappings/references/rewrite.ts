import { isObject, type Json, type JsonObject, type Resource } from '../resource.ts';
import { isRawJson } from './raw-json.ts';
import { rewriteLinks } from './narrative.ts';
import { URI_ELEMENTS } from './uri-elements.ts';

/** The replacement of a reference, or undefined to leave it. Called with anything that stands in such an element. */
export type ReferenceMap = (reference: string) => string | undefined;

function rewriteElement(name: string, value: Json, map: ReferenceMap): Json {
  if (typeof value === 'string') {
    if (name === 'div') return rewriteLinks(value, map);
    return URI_ELEMENTS.has(name) ? (map(value) ?? value) : value;
  }
  if (Array.isArray(value)) return value.map((item) => rewriteElement(name, item, map));
  return isObject(value) && !isRawJson(value) ? rewriteObject(value, map) : value;
}

function rewriteObject(value: JsonObject, map: ReferenceMap): JsonObject {
  // fromEntries defines members, where an assignment to `__proto__` would do something else.
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, rewriteElement(name, child, map)]),
  );
}

/**
 * A copy with references replaced, as a transaction does when it gives its resources ids: in Reference.reference, in
 * elements of type uri, url, oid and uuid, and in links and images of narratives. Numbers made by JSON.rawJSON stay
 * the same objects. https://hl7.org/fhir/R4/http.html#trules
 */
export function rewriteReferences(resource: Resource, map: ReferenceMap): Resource {
  return { ...rewriteObject(resource, map), resourceType: resource.resourceType };
}
