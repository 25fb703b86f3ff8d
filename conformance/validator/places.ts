import { isObject, type Json, type JsonObject } from '../clients/resource.ts';
import type { Definitions, Element } from './definitions.ts';

export type Step = string | number;

/** An element of an example: a member of one of its objects. */
export interface Place extends Element {
  /** From the resource to the object that has the member. */
  parent: readonly Step[];
  name: string;
  value: Json;
}

/** Every element of a resource that R4 defines, those of contained resources and of bundles' entries included. */
export function placesOf(resource: JsonObject, definitions: Definitions): Place[] {
  const places: Place[] = [];
  const visit = (object: JsonObject, children: string, parent: readonly Step[]): void => {
    const type = object['resourceType'];
    const here = typeof type === 'string' ? type : children;
    for (const [name, value] of Object.entries(object)) {
      const element = value === undefined ? undefined : definitions.find(here, name);
      if (value === undefined || !element) continue;
      places.push({ ...element, parent, name, value });
      const items = Array.isArray(value) ? value : [value];
      items.forEach((item, index) => {
        const steps = Array.isArray(value) ? [...parent, name, index] : [...parent, name];
        if (isObject(item)) visit(item, element.children, steps);
      });
    }
  };
  visit(resource, '', []);
  return places;
}

/** The object that steps lead to. Throws when there is none. */
export function objectAt(resource: JsonObject, steps: readonly Step[]): JsonObject {
  let value: Json | undefined = resource;
  for (const step of steps) value = (value as Record<Step, Json> | undefined)?.[step];
  if (!isObject(value)) throw new Error(`nothing at ${steps.join('.')}`);
  return value;
}
