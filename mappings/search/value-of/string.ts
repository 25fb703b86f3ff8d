import { isObject, type Json } from '../../resource.ts';
import type { IndexedValue } from '../values.ts';
import type { Path } from '../path.ts';
import type { Rule } from './rule.ts';

function add(text: Json | undefined, into: IndexedValue[]): void {
  if (typeof text === 'string' && text !== '') into.push({ kind: 'string', value: text });
  else if (Array.isArray(text)) for (const each of text) add(each, into);
}

const parts = (names: readonly string[]): Rule =>
  function addParts(element, into) {
    if (isObject(element)) for (const name of names) add(element[name], into);
  };

const text: Rule = (element, into) => {
  if (typeof element === 'string') add(element, into);
};

const humanName = parts(['family', 'given', 'prefix', 'suffix', 'text']);
const address = parts(['line', 'city', 'district', 'state', 'postalCode', 'country', 'text']);

/** A name or address is found by any of its parts. https://hl7.org/fhir/R4/search.html#string */
export function stringRule(path: Path): Rule | undefined {
  switch (path.type) {
    case 'HumanName':
      return humanName;
    case 'Address':
      return address;
    case 'string':
    case 'markdown':
      return text;
    default:
      return undefined;
  }
}
