import { isObject } from '../../clients/resource.ts';
import { replace, type Mutation } from './mutation.ts';

const WRONG = 'no-such-code';

/** Codes that a required binding does not have, and references to what may not be referred to. */
export const CODES: readonly Mutation[] = [
  {
    name: 'wrong code in a required binding',
    applies: ({ definition, type }) => definition.binding?.strength === 'required' && type === 'code',
    change: (object, place, random) => replace(object, place, random, () => WRONG),
  },
  {
    name: 'wrong coding in a required binding',
    applies: ({ definition, type }) =>
      definition.binding?.strength === 'required' && (type === 'CodeableConcept' || type === 'Coding'),
    change: (object, place, random) =>
      replace(object, place, random, (old) => {
        const coding = { system: 'http://example.org/codes', code: WRONG };
        return place.type === 'Coding' ? { ...(isObject(old) && old), ...coding } : { coding: [coding] };
      }),
  },
  {
    name: 'reference to a wrong type',
    applies: ({ type, definition }) =>
      type === 'Reference' && targets(definition).length > 0 && !targets(definition).includes('Resource'),
    change: (object, place, random) =>
      replace(object, place, random, () => {
        const allowed = targets(place.definition);
        const wrong = ['Slot', 'Schedule', 'Linkage', 'TestReport'].filter((type) => !allowed.includes(type));
        return { reference: `${random.pick(wrong)}/1` };
      }),
  },
  {
    name: 'reference to nothing contained',
    applies: ({ type }) => type === 'Reference',
    change: (object, place, random) =>
      replace(object, place, random, () => ({ reference: '#nothing-contained' })),
  },
];

const targets = ({ type }: { type?: { code: string; targetProfile?: string[] }[] }): string[] =>
  type?.flatMap(({ targetProfile = [] }) => targetProfile.map((url) => url.replace(/^.*\//, ''))) ?? [];
