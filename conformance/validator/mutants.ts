import type { Resource } from '../clients/resource.ts';
import type { Definitions } from './definitions.ts';
import { MUTATIONS } from './mutations/all.ts';
import { objectAt, placesOf, type Place, type Step } from './places.ts';
import type { Random } from './random.ts';

/** An example that was broken in one place. */
export interface Mutant {
  kind: string;
  /** Of what: the example's name. */
  of: string;
  /** Where: the element that was broken. */
  at: readonly Step[];
  resource: Resource;
}

export interface Example {
  name: string;
  resource: Resource;
}

/** Examples of one type that are looked at for places: more bring nothing new. */
const EXAMPLES = 25;

/**
 * Breaks examples: of every type and kind of mutation as many as asked for, each in another place where there are enough,
 * chosen by the random numbers alone.
 */
export function mutantsOf(
  examples: readonly Example[],
  each: number,
  definitions: Definitions,
  random: Random,
): Mutant[] {
  const byType = Map.groupBy(examples, ({ resource }) => resource.resourceType);
  return [...byType.values()].flatMap((ofType) => {
    const places = random
      .shuffle(ofType)
      .slice(0, EXAMPLES)
      .flatMap((example) =>
        placesOf(example.resource, definitions).map((place): [Example, Place] => [example, place]),
      );
    return MUTATIONS.flatMap((mutation) =>
      random
        .shuffle(places.filter(([, place]) => mutation.applies(place)).slice(0, 500))
        .slice(0, each)
        .map(([example, place]): Mutant => {
          const resource = structuredClone(example.resource);
          mutation.change(objectAt(resource, place.parent), structuredClone(place), random);
          return { kind: mutation.name, of: example.name, at: [...place.parent, place.name], resource };
        }),
    );
  });
}
