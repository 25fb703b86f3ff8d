import { FhirError } from '../fhir/errors.ts';
import type { SearchRequest, SearchResult } from '../index-store/port.ts';
import { alternatives, anyOf, badValue, type Condition } from './condition.ts';
import { PARAMETERS, type Parameter, type SearchContext } from './parameters.ts';
import { named } from './references.ts';

/** A search of AuditEvents: parameters in order, decoded, without those of paging and form. */
export type AuditSearch = Pick<
  SearchRequest,
  'parameters' | 'lenient' | 'sort' | 'count' | 'after' | 'total'
>;

/** A search, compiled. */
export interface CompiledSearch extends Pick<SearchResult, 'used' | 'ignored'> {
  conditions: readonly Condition[];
  /** Ids of the patients to which it confines itself, if it does. */
  patients: readonly string[] | undefined;
  descending: boolean;
}

const MODIFIERS: Readonly<Record<Parameter['type'], readonly string[]>> = {
  token: ['not'],
  string: ['exact', 'contains'],
  date: [],
  reference: [],
  uri: [],
};

const notSupported = (diagnostics: string): FhirError =>
  new FhirError(400, { code: 'not-supported', diagnostics });

function compileParameter(name: string, value: string, context: SearchContext): Condition | undefined {
  const [code = '', modifier, ...rest] = name.split(':');
  const parameter = Object.hasOwn(PARAMETERS, code) ? PARAMETERS[code] : undefined;
  if (parameter === undefined || rest.length > 0) return undefined;
  if (modifier === 'missing') {
    if (value !== 'true' && value !== 'false') throw badValue(name, value, 'must be true or false');
    return value === 'true'
      ? { ...parameter.present, sql: `NOT ${parameter.present.sql}` }
      : parameter.present;
  }
  const isType =
    parameter.type === 'reference' && modifier !== undefined && /^[A-Z][A-Za-z]+$/.test(modifier);
  if (modifier !== undefined && !isType && !MODIFIERS[parameter.type].includes(modifier)) {
    throw notSupported(`The search parameter ${code} of AuditEvent has no modifier ${modifier} here`);
  }
  const values = alternatives(value);
  if (values.length === 0) throw badValue(name, value, 'has no value');
  const matches = anyOf(values.map((alternative) => parameter.match(alternative, modifier, context)));
  return modifier === 'not' ? { ...matches, sql: `NOT ${matches.sql}` } : matches;
}

function patientsIn(name: string, value: string, baseUrl: string): string[] | undefined {
  if (name !== 'patient' && name !== 'patient:Patient') return undefined;
  return alternatives(value).flatMap((alternative) => named(name, alternative, baseUrl)?.id ?? []);
}

function isDescending(sort: AuditSearch['sort']): boolean {
  const [first, ...more] = sort;
  for (const { code } of sort) {
    if (code !== 'date' && code !== '_lastUpdated')
      throw notSupported(`AuditEvents are not sorted by ${code} here`);
  }
  if (more.length > 0) throw notSupported('AuditEvents are sorted by one date');
  return first?.descending ?? true;
}

/**
 * Compiles a search. An unknown parameter, modifier or chain is a FhirError 400 that names it; the first is left out,
 * and named in `ignored`, under lenient handling.
 */
export function compileSearch(search: AuditSearch, context: SearchContext): CompiledSearch {
  const conditions: Condition[] = [];
  const used: (readonly [string, string])[] = [];
  const ignored: string[] = [];
  let patients: readonly string[] | undefined;
  for (const [name, value] of search.parameters) {
    const condition = compileParameter(name, value, context);
    if (condition === undefined) {
      if (!search.lenient) throw notSupported(`AuditEvent has no search parameter ${name} here`);
      ignored.push(name);
      continue;
    }
    conditions.push(condition);
    used.push([name, value]);
    const these = patientsIn(name, value, context.source.baseUrl);
    if (these !== undefined) patients = patients?.filter((patient) => these.includes(patient)) ?? these;
  }
  return { conditions, used, ignored, patients, descending: isDescending(search.sort) };
}
