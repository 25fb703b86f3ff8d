/** A JSON value; a FHIR resource is one. A number that must keep its literal is an object made by JSON.rawJSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface Resource extends JsonObject {
  resourceType: string;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isResource(value: Json | undefined): value is Resource {
  return isObject(value) && typeof value['resourceType'] === 'string';
}

/** The objects of an element, repeating or not; whatever else stands there is left out. */
export function objects(value: Json | undefined): JsonObject[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).filter(isObject);
}

/** The string, or undefined when something else or nothing stands there. */
export function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/**
 * The values at a path of element names below `root`, through arrays: `participant.actor` gives every actor.
 * Nothing of another shape than the path asks for is followed.
 */
export function valuesAt(root: JsonObject, path: string): Json[] {
  let values: Json[] = [root];
  for (const name of path.split('.')) {
    values = values.filter(isObject).flatMap((value) => {
      const next = Object.hasOwn(value, name) ? value[name] : undefined;
      return next === undefined ? [] : Array.isArray(next) ? next : [next];
    });
  }
  return values;
}

/** A Coding as rules and indexes compare it, `system|code`; either side is empty when it is absent. */
export function codingKey(coding: JsonObject): string {
  return `${text(coding['system']) ?? ''}|${text(coding['code']) ?? ''}`;
}

/** Every coding of an element that is a CodeableConcept or a list of them, as `system|code`. */
export function codingKeys(element: Json | undefined): string[] {
  return objects(element)
    .flatMap((concept) => objects(concept['coding']))
    .map(codingKey);
}
