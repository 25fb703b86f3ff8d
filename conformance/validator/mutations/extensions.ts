import type { Json, JsonObject } from '../../clients/resource.ts';
import type { Mutation } from './mutation.ts';

const URL = 'http://example.org/extension';

/** Any object that is not a resource can be extended; `id` and the like are given to it as well. */
const onElement = (name: string, change: (element: JsonObject) => void): Mutation => ({
  name,
  applies: ({ value, type }) =>
    type !== 'Resource' &&
    type !== 'Extension' &&
    type !== 'xhtml' &&
    typeof value === 'object' &&
    !Array.isArray(value),
  change: (object, place) => change(object[place.name] as JsonObject),
});

const extend = (name: string, extension: JsonObject): Mutation =>
  onElement(name, (element) => (element['extension'] = [extension]));

const contain = (name: string, ...contained: Json[]): Mutation => ({
  name,
  applies: ({ definition, parent }) => parent.length === 0 && /^[A-Z]\w+\.text$/.test(definition.path),
  change: (object) => (object['contained'] = structuredClone(contained)),
});

export const EXTENSIONS: readonly Mutation[] = [
  extend('extension with value and extensions', {
    url: URL,
    valueString: 'a',
    extension: [{ url: URL, valueString: 'a' }],
  }),
  extend('extension with neither', { url: URL }),
  extend('extension without url', { valueString: 'a' }),
  extend('extension with two values', { url: URL, valueString: 'a', valueBoolean: true }),
  contain('contained of no type', { resourceType: 'Thing', id: 'a' }),
  contain('contained without type', { id: 'a' }),
  contain('contained in a contained', {
    resourceType: 'Patient',
    id: 'a',
    contained: [{ resourceType: 'Patient', id: 'b' }],
  }),
  contain('contained ids twice', { resourceType: 'Patient', id: 'a' }, { resourceType: 'Patient', id: 'a' }),
  {
    name: 'element ids twice',
    applies: ({ value, type }) => type !== 'Resource' && Array.isArray(value) && value.length > 1,
    change: (object, { name }) => {
      for (const item of object[name] as Json[])
        if (typeof item === 'object' && item !== null && !Array.isArray(item)) item['id'] = 'twice';
    },
  },
];
