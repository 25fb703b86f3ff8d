import type { JsonObject } from '../../clients/resource.ts';
import type { Place } from '../places.ts';
import type { Random } from '../random.ts';

/** A way to break a resource. */
export interface Mutation {
  /** What is wrong afterwards. */
  name: string;
  applies(place: Place): boolean;
  /** Breaks it there. `object`: the object that has the element, of a copy of the example; its children may be changed. */
  change(object: JsonObject, place: Place, random: Random): void;
}

/** Puts a value in the element's place: where it repeats, in that of one of its values. */
export function replace(
  object: JsonObject,
  { name }: Place,
  random: Random,
  value: (old: unknown) => JsonObject[string],
): void {
  const old = object[name];
  if (Array.isArray(old) && old.length > 0) {
    const index = random.below(old.length);
    old[index] = value(old[index]) ?? null;
  } else object[name] = value(old);
}

/** A mutation of the elements of some primitive types: another value. */
export const format = (
  name: string,
  types: readonly string[],
  values: readonly (string | number)[],
): Mutation => ({
  name,
  applies: ({ type, parent, definition }) =>
    types.includes(type) &&
    (parent.length > 0 || definition.path.endsWith('.id') || !definition.path.startsWith('Resource.')),
  change: (object, place, random) => replace(object, place, random, () => random.pick(values)),
});
