import { isObject } from '../../clients/resource.ts';
import { replace, type Mutation } from './mutation.ts';

const repeats = ({ definition }: { definition: { max: string; base?: { max: string } } }): boolean =>
  (definition.base?.max ?? definition.max) !== '1';

const another = (value: unknown): string | number | boolean =>
  typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : typeof value === 'string'
      ? 42
      : 'text';

/** Another kind of JSON than R4 says, elements too many or too few, nothing where something belongs. */
export const SHAPES: readonly Mutation[] = [
  {
    name: 'required element dropped',
    applies: ({ definition }) => definition.min > 0,
    change: (object, { name }) => {
      object[name] = undefined;
      object[`_${name}`] = undefined;
    },
  },
  {
    name: 'wrong type',
    applies: ({ type }) => type !== 'Resource',
    change: (object, place, random) => replace(object, place, random, another),
  },
  {
    name: 'object for a primitive',
    applies: ({ value }) => !Array.isArray(value) && !isObject(value),
    change: (object, { name, value }) => (object[name] = { value }),
  },
  {
    name: 'single element repeated',
    applies: (place) => !repeats(place),
    change: (object, { name, value }) => (object[name] = [value, value]),
  },
  {
    name: 'list without its brackets',
    applies: ({ value }) => Array.isArray(value) && value.length > 0,
    change: (object, { name, value }) => (object[name] = Array.isArray(value) ? value[0] : value),
  },
  {
    name: 'unknown element',
    applies: ({ value }) => isObject(value) || (Array.isArray(value) && value.some(isObject)),
    change: (object, place, random) =>
      replace(object, place, random, (old) =>
        isObject(old) ? { ...old, colour: 'red' } : { colour: 'red' },
      ),
  },
  {
    name: 'unknown element of the resource',
    applies: ({ parent, name }) => parent.length === 0 && name !== 'resourceType',
    change: (object) => (object['colour'] = 'red'),
  },
  {
    name: 'two values of one choice',
    applies: ({ definition }) =>
      definition.path.endsWith('[x]') && new Set(definition.type?.map(({ code }) => code)).size > 1,
    change: (object, { definition, type, name }, random) => {
      const others = definition.type?.map(({ code }) => code).filter((code) => code !== type) ?? [];
      const other = random.pick(others);
      const base = name.slice(0, name.length - type.length);
      object[base + other.charAt(0).toUpperCase() + other.slice(1)] = sample(other);
    },
  },
  {
    name: 'empty object',
    applies: ({ value }) => isObject(value) || (Array.isArray(value) && value.every(isObject)),
    change: (object, place, random) => replace(object, place, random, () => ({})),
  },
  { name: 'empty list', applies: repeats, change: (object, { name }) => (object[name] = []) },
  {
    name: 'empty text',
    applies: ({ value }) => typeof value === 'string',
    change: (object, { name }) => (object[name] = ''),
  },
  { name: 'null', applies: () => true, change: (object, { name }) => (object[name] = null) },
];

/** A value of a type, so that it alone would be right. */
function sample(type: string): boolean | number | string | Record<string, string | number> {
  switch (type) {
    case 'boolean':
      return true;
    case 'integer':
    case 'positiveInt':
    case 'unsignedInt':
    case 'decimal':
      return 1;
    case 'dateTime':
    case 'date':
      return '2020-01-01';
    case 'instant':
      return '2020-01-01T00:00:00Z';
    case 'time':
      return '10:00:00';
    case 'base64Binary':
      return 'QUJD';
    case 'CodeableConcept':
    case 'Annotation':
      return { text: 'text' };
    case 'Period':
      return { start: '2020-01-01' };
    case 'Quantity':
    case 'Age':
    case 'Duration':
    case 'SimpleQuantity':
      return { value: 1, system: 'http://unitsofmeasure.org', code: 'a', unit: 'a' };
    case 'Reference':
      return { display: 'something' };
    default:
      return /^[a-z]/.test(type) ? 'http://example.org/text' : { id: 'something' };
  }
}
