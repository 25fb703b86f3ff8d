import type { Path } from '../path.ts';
import type { Rule } from './rule.ts';

const uri: Rule = (element, into) => {
  if (typeof element === 'string' && element !== '') into.push({ kind: 'uri', value: element });
};

// A search compares whole URIs: one that names no version has to find every version.
const canonical: Rule = (element, into, options) => {
  uri(element, into, options);
  const bar = typeof element === 'string' ? element.lastIndexOf('|') : -1;
  if (typeof element === 'string' && bar > 0) into.push({ kind: 'uri', value: element.slice(0, bar) });
};

/** Which data types a uri parameter finds. https://hl7.org/fhir/R4/search.html#uri */
export function uriRule(path: Path): Rule | undefined {
  switch (path.type) {
    case 'canonical':
      return canonical;
    case 'uri':
    case 'url':
    case 'oid':
    case 'uuid':
      return uri;
    default:
      return undefined;
  }
}
