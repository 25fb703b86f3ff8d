import { FhirError, badRequest } from '../errors.ts';

type Pair = readonly [name: string, value: string];

const DEFAULT_COUNT = 20;
const MAX_COUNT = 1000;
/** Each key is worked out for everything that matches. */
const MOST_SORT_KEYS = 8;

/**
 * `_count`: how many matches a page has, at most 1000; 0 asks for the total alone. Throws 400 when it is no number, or
 * given twice.
 */
export function pageSize(query: readonly Pair[], byDefault = DEFAULT_COUNT): number {
  const [value, second] = query.filter(([name]) => name === '_count').map(([, text]) => text);
  if (second !== undefined) throw badRequest('_count may be given once.', '_count');
  if (value === undefined) return byDefault;
  if (!/^[0-9]{1,9}$/.test(value)) throw badRequest('_count must be a number from 0.', '_count');
  return Math.min(Number(value), MAX_COUNT);
}

/** `_sort`: keys, each descending after a `-`. Throws 400 for more than eight (too-costly), or one twice. */
function sortKeys(value: string): { code: string; descending: boolean }[] {
  const keys = value
    .split(',')
    .filter((part) => part !== '')
    .map((part) => ({ code: part.replace(/^-/, ''), descending: part.startsWith('-') }));
  if (keys.length > MOST_SORT_KEYS) {
    const diagnostics = `_sort takes at most ${MOST_SORT_KEYS} keys.`;
    throw new FhirError(400, { code: 'too-costly', diagnostics, expression: ['_sort'] });
  }
  if (new Set(keys.map(({ code }) => code)).size < keys.length)
    throw badRequest('_sort takes each key once.', '_sort');
  return keys;
}

export const SUMMARIES = ['true', 'text', 'data', 'count', 'false'] as const;
export type Summary = (typeof SUMMARIES)[number];

/** `_summary`; throws 400 for another value. https://hl7.org/fhir/R4/search.html#summary */
function summaryIn(value: string): Summary {
  const summary = SUMMARIES.find((one) => one === value);
  if (summary === undefined) throw badRequest(`_summary is one of ${SUMMARIES.join(', ')}.`, '_summary');
  return summary;
}

/** `_elements`: names of elements at the top of a resource. Throws 400 for anything else. */
function elementsIn(value: string): string[] {
  const names = value.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !/^[A-Za-z][A-Za-z0-9]*$/.test(name));
  if (wrong !== undefined)
    throw badRequest(
      '_elements takes names of elements at the top of a resource, such as name,birthDate.',
      '_elements',
    );
  return names;
}

/** Which part of each resource is asked for. Throws 400 naming the parameter that is malformed. */
export function partAsked(query: readonly Pair[]): { summary: Summary; elements?: string[] } {
  const value = (name: string) => {
    const [first, second] = query.filter(([other]) => other === name).map(([, text]) => text);
    if (second !== undefined) throw badRequest(`${name} may be given once.`, name);
    return first;
  };
  const summary = summaryIn(value('_summary') ?? 'false');
  const elements = value('_elements');
  if (elements === undefined) return { summary };
  if (summary !== 'false' && summary !== 'count')
    throw badRequest('_elements and _summary each say which elements: give one of them.', '_elements');
  return { summary, elements: elementsIn(elements) };
}

/** What shapes a result and is no criterion. https://hl7.org/fhir/R4/search.html#return */
export interface ResultParameters {
  criteria: Pair[];
  count: number;
  sort: { code: string; descending: boolean }[];
  total: 'none' | 'estimate' | 'accurate';
  include: string[];
  includeIterate: string[];
  revinclude: string[];
  revincludeIterate: string[];
  summary: Summary;
  elements?: string[];
  types?: string[];
  page?: string;
}

/** Sorts the parameters of a search into criteria and the rest. Throws 400 naming a parameter that is malformed. */
export function resultParameters(query: readonly Pair[]): ResultParameters {
  const values = (...names: string[]) =>
    query.filter(([name]) => names.includes(name)).map(([, value]) => value);
  const one = (name: string) => {
    const [value, second] = values(name);
    if (second !== undefined) throw badRequest(`${name} may be given once.`, name);
    return value;
  };
  const total = one('_total') ?? 'none';
  if (total !== 'none' && total !== 'estimate' && total !== 'accurate') {
    throw badRequest('_total is one of none, estimate, accurate.', '_total');
  }
  const sort = sortKeys(one('_sort') ?? '');
  const { summary, elements } = partAsked(query);
  const included = ['_include', '_revinclude'].find((name) =>
    query.some(([other]) => other === name || other.startsWith(`${name}:`)),
  );
  if (summary === 'text' && included !== undefined)
    throw badRequest(`${included} can't be combined with _summary=text.`, included);
  const types = one('_type');
  const page = one('_page');
  return {
    criteria: query.filter(
      ([name, value]) => !CONTROL.has(name) && !(name === '_contained' && value === 'false'),
    ),
    count: pageSize(query),
    sort,
    total,
    include: values('_include'),
    includeIterate: values('_include:iterate', '_include:recurse'),
    revinclude: values('_revinclude'),
    revincludeIterate: values('_revinclude:iterate', '_revinclude:recurse'),
    summary,
    ...(elements !== undefined && { elements }),
    ...(types !== undefined && { types: types.split(',') }),
    ...(page !== undefined && { page }),
  };
}

const CONTROL = new Set([
  '_count',
  '_sort',
  '_total',
  '_include',
  '_include:iterate',
  '_include:recurse',
  '_revinclude',
  '_revinclude:iterate',
  '_revinclude:recurse',
  '_summary',
  '_elements',
  '_type',
  '_page',
  '_format',
  '_pretty',
]);
