import { RESOURCE_TYPES } from '@fhir-fabric-gateway/chaincode/api';
import { parameterOf } from '@fhir-fabric-gateway/mappings';
import { sql } from '../sql.ts';
import { firstOfType, lastOfType, typeNumber, typeOfRid } from '../numbers.ts';
import type { SearchRequest, StoredResource } from '../port.ts';
import { RESOURCE_COLUMNS, RESOURCE_JOINS, resourceOf } from '../rows.ts';
import { TooCostly } from './budget.ts';
import { UnknownParameter, constant, list, type Sql } from './condition.ts';
import { ofTypes, type SearchContext } from './context.ts';
import { rowsOf } from './run.ts';

/** No page carries more than this besides its matches. */
export const MOST_INCLUDED = 1000;
const MOST_ROUNDS = 6;
/** More than any type has use for. */
export const MOST_INCLUSIONS = 12;

interface Inclusion {
  /** The parameter that asks for it. */
  name: string;
  reverse: boolean;
  iterate: boolean;
  /** The type that refers; undefined for any. */
  source: string | undefined;
  /** Number of the reference parameter; undefined for any. */
  parameter: number | undefined;
  /** Types referred to. */
  targets: readonly string[];
}

/** One `_include` or `_revinclude` as the client wrote it. */
export interface AskedInclusion {
  text: string;
  reverse: boolean;
  iterate: boolean;
}

const nameOf = ({ reverse, iterate }: { reverse: boolean; iterate: boolean }): string =>
  `${reverse ? '_revinclude' : '_include'}${iterate ? ':iterate' : ''}`;

/** Reads `Type:param`, `Type:param:Target`, `Type:*` or `*`. Throws UnknownParameter for what there is not. */
export function parseInclusion({ text, reverse, iterate }: AskedInclusion): Inclusion {
  const name = nameOf({ reverse, iterate: false });
  const asked = { name: nameOf({ reverse, iterate }), reverse, iterate };
  if (text === '*') return { ...asked, source: undefined, parameter: undefined, targets: RESOURCE_TYPES };
  const [source = '', code = '', target, ...more] = text.split(':');
  if (typeNumber(source) === 0 || more.length > 0)
    throw new UnknownParameter(name, `${name}: ${source} is no resource type.`);
  if (target !== undefined && typeNumber(target) === 0)
    throw new UnknownParameter(name, `${name}: ${target} is no resource type.`);
  if (code === '*') {
    return {
      ...asked,
      source,
      parameter: undefined,
      targets: target === undefined ? RESOURCE_TYPES : [target],
    };
  }
  const parameter = parameterOf(source, code);
  if (parameter?.type !== 'reference')
    throw new UnknownParameter(name, `${name}: ${source} has no reference parameter ${code}.`);
  const possible = (parameter.targets ?? RESOURCE_TYPES).filter((type) => typeNumber(type) > 0);
  return {
    ...asked,
    source,
    parameter: parameter.number,
    targets: target === undefined ? possible : [target],
  };
}

/** The inclusions that a search asks for. Throws TooCostly when they are too many. */
export function inclusionsAsked(request: SearchRequest): AskedInclusion[] {
  const asked = [
    ...request.include.map((text) => ({ text, reverse: false, iterate: false })),
    ...request.revinclude.map((text) => ({ text, reverse: true, iterate: false })),
    ...request.includeIterate.map((text) => ({ text, reverse: false, iterate: true })),
    ...request.revincludeIterate.map((text) => ({ text, reverse: true, iterate: true })),
  ];
  if (asked.length > MOST_INCLUSIONS)
    throw new TooCostly(
      nameOf(asked[0] ?? { reverse: false, iterate: false }),
      `A search has at most ${MOST_INCLUSIONS} inclusions.`,
    );
  return asked;
}

/** Numbers of what an inclusion adds to the resources numbered `from`; the gate is asked afterwards. */
function linked({ reverse, source, parameter, targets }: Inclusion, from: readonly number[]): Sql {
  const by = parameter === undefined ? sql`f.parameter > 0` : sql`f.parameter = ${parameter}`;
  const inType = (column: string, type: string) =>
    sql`${sql.ref(column)} between ${firstOfType(typeNumber(type))} and ${lastOfType(typeNumber(type))}`;
  const ofSource = source === undefined ? sql`` : sql`and ${inType('f.rid', source)}`;
  const [only] = targets;
  const ofTarget = only !== undefined && targets.length === 1 ? sql`and ${inType('f.target', only)}` : sql``;
  return reverse
    ? sql`select distinct f.rid as rid from reference f where f.target in (${list(from)}) and ${by} ${ofSource} ${ofTarget}`
    : sql`select distinct f.target as rid from reference f where f.rid in (${list(from)}) and ${by} ${ofSource} ${ofTarget}`;
}

/** Those of the resources numbered `from` whose links an inclusion follows, by their type. */
function startsOf({ reverse, source, targets }: Inclusion, from: readonly number[]): readonly number[] {
  const types = reverse ? targets : source === undefined ? RESOURCE_TYPES : [source];
  const numbers = new Set(types.map(typeNumber));
  return from.filter((rid) => numbers.has(typeOfRid(rid)));
}

/** At most `limit` of what an inclusion adds to the resources numbered `from`, without those known. */
async function round(
  context: SearchContext,
  inclusion: Inclusion,
  from: readonly number[],
  known: ReadonlySet<number>,
  limit: number,
): Promise<StoredResource[]> {
  const starts = startsOf(inclusion, from);
  if (starts.length === 0) return [];
  const types = inclusion.reverse
    ? inclusion.source === undefined
      ? RESOURCE_TYPES
      : [inclusion.source]
    : inclusion.targets;
  const gate = await context.gate(types);
  const added = sql`select m.rid as rid from (${linked(inclusion, starts)}) linked cross join resource m
    where m.rid = linked.rid and m.rid not in (${list([...known])}) and ${ofTypes('m', types)} and ${gate('m')}
    order by m.rid limit ${constant(limit)}`;
  const query = sql`with added as materialized (${added}) select ${sql.raw(RESOURCE_COLUMNS)} from added
    join resource r on r.rid = added.rid ${sql.raw(RESOURCE_JOINS)} order by r.rid`;
  return (await rowsOf(context, query)).map(resourceOf);
}

export interface Along {
  resources: StoredResource[];
  /** Parameters that would have brought more. */
  truncated: string[];
}

/** What comes along with a page of matches: each resource once, none of the matches, and nothing that is not seen. */
export async function included(
  context: SearchContext,
  inclusions: readonly Inclusion[],
  matches: readonly StoredResource[],
): Promise<Along> {
  const known = new Set(matches.map(({ rid }) => rid));
  const resources: StoredResource[] = [];
  const truncated = new Set<string>();
  let from = [...known];
  for (let depth = 0; from.length > 0; depth++) {
    const asked = inclusions.filter(({ iterate }) => depth === 0 || iterate);
    const added: number[] = [];
    for (const inclusion of asked) {
      const left = depth < MOST_ROUNDS ? MOST_INCLUDED - resources.length : 0;
      const found = await round(context, inclusion, from, known, left + 1);
      if (found.length > left) truncated.add(inclusion.name);
      for (const resource of found.slice(0, left)) {
        known.add(resource.rid);
        resources.push(resource);
        added.push(resource.rid);
      }
    }
    from = added;
  }
  return { resources, truncated: [...truncated] };
}
