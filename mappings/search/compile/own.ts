import { createHash } from 'node:crypto';
import { SearchParameterError } from '../own-parameters.ts';
import type { OwnParameters } from '../own-table.ts';
import type { ParameterRow } from '../path.ts';
import { parametersOf, searchableTypes } from '../table.ts';
import { ruleFor } from '../value-of/index.ts';
import type { SearchParameterType } from '../values.ts';
import { componentsOf, rowOf, type PathCompilers } from './build.ts';
import { ImplicitSystems } from './code-systems.ts';
import { readDefinitions, type SearchParameterDefinition } from './definitions.ts';
import { Elements } from './elements.ts';

const TYPES: readonly SearchParameterType[] = [
  'number',
  'date',
  'string',
  'token',
  'reference',
  'composite',
  'quantity',
  'uri',
];

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

/** The types that a base stands for. */
function typesOf(base: string): readonly string[] {
  const all = searchableTypes();
  if (base === 'Resource') return all;
  if (base === 'DomainResource')
    return all.filter((type) => !['Binary', 'Bundle', 'Parameters'].includes(type));
  return all.includes(base) ? [base] : [];
}

function componentsIn(
  value: unknown,
  problem: (what: string) => void,
): SearchParameterDefinition['component'] {
  return (Array.isArray(value) ? value : []).map((one: unknown) => {
    const { definition, expression } = isFields(one) ? one : {};
    if (typeof definition !== 'string' || typeof expression !== 'string')
      problem('component: definition and expression are needed');
    return { definition: String(definition), expression: String(expression) };
  });
}

/** A resource as a definition, once its elements are what they should be. */
function definitionOf(resource: unknown, problem: (what: string) => void): SearchParameterDefinition {
  const fields = isFields(resource) ? resource : {};
  const { resourceType, url, code, type, expression } = fields;
  if (resourceType !== 'SearchParameter') problem('it is no SearchParameter');
  if (typeof url !== 'string' || !/^[a-z][a-z0-9+.-]*:\S+$/i.test(url))
    problem('url: an absolute URI is needed');
  if (typeof code !== 'string' || !/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(code))
    problem('code: a name of letters, digits, - and _ is needed');
  const known = TYPES.find((one) => one === type);
  if (known === undefined) problem(`type: one of ${TYPES.join(', ')} is needed`);
  if (typeof expression !== 'string' || expression === '') problem('expression: one is needed');
  const base = texts(fields['base']);
  const unknown = base.filter((one) => typesOf(one).length === 0);
  if (base.length === 0) problem('base: a resource type is needed');
  if (unknown.length > 0) problem(`base: ${unknown.join(', ')} is no resource type`);
  const named = texts(fields['target']);
  // What does not say where it points may point anywhere.
  const target = named.length > 0 || type !== 'reference' ? named : [...searchableTypes()];
  const strange = target.filter((one) => !searchableTypes().includes(one));
  if (strange.length > 0) problem(`target: ${strange.join(', ')} is no resource type`);
  const component = componentsIn(fields['component'], problem);
  if (known === 'composite' && (component?.length ?? 0) === 0) problem('component: a composite needs some');
  if ((component?.length ?? 0) > 3) problem('component: there may be three');
  return {
    resourceType: 'SearchParameter',
    url: String(url),
    code: String(code),
    base,
    type: known ?? 'string',
    expression: String(expression),
    ...(target.length > 0 && { target }),
    ...(component && { component }),
  };
}

/** The same for a type and a definition, whatever else is added or taken away; beyond the numbers of R4's. */
function numberOf(type: string, url: string): number {
  const hash = createHash('sha256').update(`${type} ${url}`).digest();
  return 1_000_000 + (hash.readUInt32BE() % 2_000_000_000);
}

const finds = ({ type, paths, components }: ParameterRow): boolean =>
  components
    ? paths.length > 0 &&
      components.every((one) => one.paths.some((path) => ruleFor(one.type, path) !== undefined))
    : paths.some((path) => path.exists !== undefined || ruleFor(type, path) !== undefined);

/** Compiles what the operator adds. Throws a SearchParameterError that names everything that is wrong. */
export function compileOwn(resources: readonly unknown[]): OwnParameters {
  const problems: string[] = [];
  const definitions = resources.map((resource, at) => {
    const url = isFields(resource) && typeof resource['url'] === 'string' ? resource['url'] : `no. ${at + 1}`;
    return definitionOf(resource, (what) => problems.push(`${url}: ${what}`));
  });
  if (problems.length > 0) throw new SearchParameterError(problems);
  const { structures, valueSets, codeSystems, parameters } = readDefinitions();
  const compilers: PathCompilers = {
    elements: new Elements(structures),
    systems: new ImplicitSystems(valueSets, codeSystems),
  };
  const byUrl = new Map([...parameters, ...definitions].map((one) => [one.url, one]));
  const own: Record<string, ParameterRow[]> = {};
  const numbers = new Set<number>();
  for (const definition of definitions) {
    const { url, code, type } = definition;
    for (const resource of new Set(definition.base.flatMap(typesOf))) {
      const problem = (what: string) => problems.push(`${url}: ${what}`);
      const rows = (own[resource] ??= []);
      const others = [...parametersOf(resource).filter((one) => one.number < 1_000_000), ...rows];
      if (others.some((other) => other.code === code || other.url === url))
        problem(`code: ${resource} has a search parameter ${code} already`);
      const number = numberOf(resource, url);
      if (numbers.has(number)) problem('url: it can’t be told from another; change it');
      numbers.add(number);
      try {
        const row: ParameterRow = rowOf(compilers, resource, definition, number);
        const made =
          type === 'composite'
            ? { ...row, components: componentsOf(compilers, resource, definition, [], byUrl) }
            : row;
        if (finds(made)) rows.push(made);
        else problem(`expression: it leads to nothing in ${resource} that a ${type} is found by`);
      } catch (error) {
        problem(`expression: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  if (problems.length > 0) throw new SearchParameterError([...new Set(problems)]);
  return own;
}
