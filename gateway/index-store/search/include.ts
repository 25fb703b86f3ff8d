import { RESOURCE_TYPES } from '@fhir-fabric-gateway/chaincode/api';
import { parameterOf } from '@fhir-fabric-gateway/mappings';
import { sql } from 'kysely';
import type { Row } from '../connection.ts';
import { firstOfType, lastOfType, typeNumber } from '../numbers.ts';
import type { SearchRequest, StoredResource } from '../port.ts';
import { RESOURCE_COLUMNS, RESOURCE_JOINS, resourceOf } from '../rows.ts';
import { UnknownParameter, list, type Sql } from './condition.ts';
import { ofTypes, type SearchContext } from './context.ts';

/** No page carries more than this besides its matches. */
const MOST_INCLUDED = 1000;
const MOST_ROUNDS = 10;

interface Inclusion {
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

/** Reads `Type:param`, `Type:param:Target`, `Type:*` or `*`. Throws UnknownParameter for what there is not. */
export function parseInclusion({ text, reverse, iterate }: AskedInclusion): Inclusion {
  const name = reverse ? '_revinclude' : '_include';
  if (text === '*')
    return { reverse, iterate, source: undefined, parameter: undefined, targets: RESOURCE_TYPES };
  const [source = '', code = '', target, ...more] = text.split(':');
  if (typeNumber(source) === 0 || more.length > 0)
    throw new UnknownParameter(name, `${name}: ${source} is no resource type.`);
  if (target !== undefined && typeNumber(target) === 0)
    throw new UnknownParameter(name, `${name}: ${target} is no resource type.`);
  if (code === '*') {
    return {
      reverse,
      iterate,
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
    reverse,
    iterate,
    source,
    parameter: parameter.number,
    targets: target === undefined ? possible : [target],
  };
}

/** The inclusions that a search asks for. */
export function inclusionsAsked(request: SearchRequest): AskedInclusion[] {
  return [
    ...request.include.map((text) => ({ text, reverse: false, iterate: false })),
    ...request.revinclude.map((text) => ({ text, reverse: true, iterate: false })),
    ...request.includeIterate.map((text) => ({ text, reverse: false, iterate: true })),
    ...request.revincludeIterate.map((text) => ({ text, reverse: true, iterate: true })),
  ];
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

async function round(
  context: SearchContext,
  inclusion: Inclusion,
  from: readonly number[],
  limit: number,
): Promise<StoredResource[]> {
  const types = inclusion.reverse
    ? inclusion.source === undefined
      ? RESOURCE_TYPES
      : [inclusion.source]
    : inclusion.targets;
  const gate = await context.gate(types);
  const query = sql<Row>`select ${sql.raw(RESOURCE_COLUMNS)} from (${linked(inclusion, from)}) linked
    cross join resource r ${sql.raw(RESOURCE_JOINS)} where r.rid = linked.rid and ${ofTypes('r', types)} and ${gate('r')} order by r.rid limit ${limit}`;
  return (await query.execute(context.connection.kysely)).rows.map(resourceOf);
}

/** What comes along with a page of matches: each resource once, none of the matches, and nothing that is not seen. */
export async function included(
  context: SearchContext,
  inclusions: readonly Inclusion[],
  matches: readonly StoredResource[],
): Promise<StoredResource[]> {
  const known = new Set(matches.map(({ rid }) => rid));
  const result: StoredResource[] = [];
  let from = [...known];
  for (let depth = 0; depth < MOST_ROUNDS && from.length > 0; depth++) {
    const added: number[] = [];
    for (const inclusion of inclusions) {
      if (depth > 0 && !inclusion.iterate) continue;
      for (const resource of await round(context, inclusion, from, MOST_INCLUDED + known.size)) {
        if (known.has(resource.rid) || result.length >= MOST_INCLUDED) continue;
        known.add(resource.rid);
        result.push(resource);
        added.push(resource.rid);
      }
    }
    from = added;
  }
  return result;
}
