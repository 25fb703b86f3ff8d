import type { Json, JsonObject } from '../resource.ts';
import { isObject } from '../write/draft.ts';

/** Names and places from a resource to one of its elements, as JSON has them. */
export type Location = readonly (string | number)[];

/** `Patient.name[1].given` without its type, as names and places. */
export function stepsOf(path: string): (string | number)[] {
  const steps = path.split('.').slice(1);
  return steps.flatMap((step) => {
    const [, name = step, places = ''] = /^([^[]*)((?:\[\d+\])*)$/.exec(step) ?? [];
    return [name, ...[...places.matchAll(/\d+/g)].map(([place]) => Number(place))];
  });
}

/** What an object has under a name; of a choice of types, FHIRPath's `value` is `valueQuantity` or another. */
export function memberOf(parent: JsonObject, name: string): string | undefined {
  if (Object.hasOwn(parent, name) || Object.hasOwn(parent, `_${name}`)) return name;
  return Object.keys(parent)
    .map((key) => key.replace(/^_/, ''))
    .find((key) => key.startsWith(name) && /^[A-Z]/.test(key.slice(name.length)));
}

/** The location of steps that name choices as FHIRPath does; undefined when it is not there. */
export function locate(tree: JsonObject, steps: readonly (string | number)[]): Location | undefined {
  let value: Json | undefined = tree;
  const location: (string | number)[] = [];
  for (const step of steps) {
    if (typeof step === 'number') {
      if (!Array.isArray(value) || step >= value.length) return undefined;
      location.push(step);
      value = value[step];
    } else {
      const name: string | undefined = isObject(value) ? memberOf(value, step) : undefined;
      if (name === undefined || !isObject(value)) return undefined;
      location.push(name);
      value = value[name];
    }
  }
  return location;
}

export function valueAt(tree: JsonObject, location: Location): Json | undefined {
  let value: Json | undefined = tree;
  for (const step of location) {
    if (typeof step === 'number') value = Array.isArray(value) ? value[step] : undefined;
    else value = isObject(value) ? value[step] : undefined;
  }
  return value;
}
