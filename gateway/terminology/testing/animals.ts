import type { Resource } from '../../fhir/resource.ts';

export const ANIMALS = 'urn:animals';

const concept = (code: string, display: string, more: object = {}) => ({ code, display, ...more });

/** A small code system with a hierarchy, in which a bat has two parents, and a few value sets made from it. */
export const animals: Resource = {
  resourceType: 'CodeSystem',
  id: 'animals',
  url: ANIMALS,
  version: '2',
  name: 'Animals',
  status: 'active',
  content: 'complete',
  caseSensitive: true,
  property: [
    { code: 'parent', uri: 'http://hl7.org/fhir/concept-properties#parent', type: 'code' },
    { code: 'legs', type: 'integer' },
  ],
  concept: [
    concept('animal', 'Animal', {
      property: [{ code: 'notSelectable', valueBoolean: true }],
      concept: [
        concept('mammal', 'Mammal', {
          concept: [
            concept('dog', 'Dog', {
              definition: 'It barks.',
              designation: [
                { language: 'de', value: 'Hund' },
                { language: 'fr', value: 'Chien' },
              ],
              property: [{ code: 'legs', valueInteger: 4 }],
            }),
            concept('bat', 'Fruit bat', {
              property: [
                { code: 'legs', valueInteger: 2 },
                { code: 'parent', valueCode: 'flying' },
              ],
            }),
          ],
        }),
        concept('flying', 'Flying animal', {
          concept: [
            concept('finch', 'Finch'),
            concept('dodo', 'Dodo', { property: [{ code: 'inactive', valueBoolean: true }] }),
          ],
        }),
      ],
    }),
  ],
} as unknown as Resource;

export const valueSet = (id: string, compose: object): Resource =>
  ({ resourceType: 'ValueSet', id, url: `urn:vs:${id}`, status: 'active', compose }) as unknown as Resource;

export const filtered = (id: string, ...filter: [property: string, op: string, value: string][]): Resource =>
  valueSet(id, {
    include: [{ system: ANIMALS, filter: filter.map(([property, op, value]) => ({ property, op, value })) }],
  });
