import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ComponentRow, ParameterRow, ParameterTable } from '../path.ts';
import { ImplicitSystems } from './code-systems.ts';
import { correctedComponents } from './corrections.ts';
import { readDefinitions, type Definitions, type SearchParameterDefinition } from './definitions.ts';
import { Elements } from './elements.ts';
import { parseExpression } from './expression.ts';
import { pathsOf, walksOf, type PathCompiler } from './paths.ts';
import { compileSummary } from './summary.ts';

const byCode = (a: { code: string }, b: { code: string }): number =>
  a.code < b.code ? -1 : a.code > b.code ? 1 : 0;

interface ResourceType {
  code: string;
  /** Names under which parameters are defined for it: its own, Resource, DomainResource. */
  bases: readonly string[];
}

function resourceTypes(definitions: Definitions): ResourceType[] {
  return definitions.structures
    .filter((structure) => structure.kind === 'resource' && !structure.abstract)
    .map(({ type, baseDefinition }) => ({
      code: type,
      bases: [type, 'Resource', ...(baseDefinition?.endsWith('/DomainResource') ? ['DomainResource'] : [])],
    }))
    .sort(byCode);
}

export type PathCompilers = PathCompiler;

/** The row of a parameter for one resource type. Throws ExpressionError. */
export function rowOf(
  compiler: PathCompiler,
  resource: string,
  definition: SearchParameterDefinition,
  number: number,
): ParameterRow {
  const source = definition.expression ?? '';
  const start = [{ path: resource, type: resource }];
  const targets = definition.target ?? [];
  return {
    number,
    url: definition.url,
    code: definition.code,
    type: definition.type,
    ...(targets.length > 0 && { targets: [...targets].sort() }),
    paths: source === '' ? [] : pathsOf(compiler, parseExpression(source), { resource, start, source }),
  };
}

/** The components of a composite; throws an Error for one that nobody defines. */
export function componentsOf(
  compiler: PathCompiler,
  resource: string,
  definition: SearchParameterDefinition,
  rows: readonly ParameterRow[],
  parameters: ReadonlyMap<string, SearchParameterDefinition>,
): ComponentRow[] {
  const source = definition.expression ?? '';
  const whole = { resource, start: [{ path: resource, type: resource }], source };
  const start = walksOf(compiler, parseExpression(source), whole).map((walk) => walk.element);
  return correctedComponents(definition).map(({ definition: url, expression }) => {
    const known = parameters.get(url);
    if (known === undefined) throw new Error(`${definition.url} has an unknown component ${url}`);
    const { paths: _, ...row } = rowOf(
      compiler,
      resource,
      known,
      rows.find((each) => each.url === url)?.number ?? 0,
    );
    return {
      ...row,
      paths: pathsOf(compiler, parseExpression(expression), { resource, start, source: expression }),
    };
  });
}

/** Compiles R4's search parameters, all of them, for each resource type that they apply to. */
export function compileSearchParameters(definitions: Definitions): ParameterTable {
  const compiler = {
    elements: new Elements(definitions.structures),
    systems: new ImplicitSystems(definitions.valueSets, definitions.codeSystems),
  };
  const byUrl = new Map(definitions.parameters.map((parameter) => [parameter.url, parameter]));
  const types: Record<string, ParameterRow[]> = {};
  let number = 0;
  for (const { code, bases } of resourceTypes(definitions)) {
    const own = definitions.parameters
      .filter(({ base }) => base.some((each) => bases.includes(each)))
      .sort(byCode);
    const rows = own.map((definition) => rowOf(compiler, code, definition, ++number));
    types[code] = rows.map((row) => {
      const definition = byUrl.get(row.url);
      if (definition?.type !== 'composite') return row;
      return { ...row, components: componentsOf(compiler, code, definition, rows, byUrl) };
    });
  }
  return { types, compartments: compartmentsOf(definitions) };
}

/** Compartment → resource type → codes of the parameters that put it there. */
function compartmentsOf({ compartments }: Definitions): Record<string, Record<string, string[]>> {
  return Object.fromEntries(
    compartments().map((compartment) => {
      const members = compartment.resource.map(
        ({ code, param }) => [code, [...(param ?? [])].sort()] as const,
      );
      return [compartment.code, Object.fromEntries(members.filter(([, codes]) => codes.length > 0))] as const;
    }),
  );
}

/** Writes `search-parameters.json` and `summary-elements.json` into a folder, from HL7's definitions. */
export function buildSearchParameters(outDir: string): void {
  mkdirSync(outDir, { recursive: true });
  const definitions = readDefinitions();
  const write = (name: string, table: object): void => {
    writeFileSync(join(outDir, name), JSON.stringify(table));
  };
  write('search-parameters.json', compileSearchParameters(definitions));
  write('summary-elements.json', compileSummary(definitions));
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  buildSearchParameters(fileURLToPath(new URL('../../generated', import.meta.url)));
