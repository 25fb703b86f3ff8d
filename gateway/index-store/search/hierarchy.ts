import { parameterOf, type SearchParameter } from '@fhir-fabric-gateway/mappings';
import { sql } from '../sql.ts';
import { asNumber } from '../connection.ts';
import { typeOfNumber, typeOfRid } from '../numbers.ts';
import { TooCostly } from './budget.ts';
import { UnknownParameter, constant, constants, list } from './condition.ts';
import type { SearchContext } from './context.ts';
import { rowsOf } from './run.ts';

/** By which parameter a resource says of what resource of its own type it is a part. */
const PARENT = ['partof', 'part-of', 'parent'];
const MOST_MEMBERS = 1000;
const MOST_LEVELS = 20;

const parentOf = (type: string): SearchParameter | undefined =>
  PARENT.map((code) => parameterOf(type, code)).find((parameter) => parameter?.targets?.includes(type));

/** Of some types those whose resources are parts of one another. Throws UnknownParameter when there are none. */
export function orderedTypes(name: string, types: readonly string[]): string[] {
  const ordered = types.filter((type) => parentOf(type) !== undefined);
  if (ordered.length === 0)
    throw new UnknownParameter(name, `${name}: what is named there is not above or below anything.`);
  return ordered;
}

/**
 * What is above or below some resources of one type, themselves included, as far as the caller sees it: a link of what
 * is not seen leads nowhere. Throws TooCostly when there is too much.
 * https://hl7.org/fhir/R4/search.html#modifiers
 */
export async function alongHierarchy(
  context: SearchContext,
  name: string,
  start: readonly number[],
  direction: 'above' | 'below',
): Promise<number[]> {
  const types = [...new Set(start.map((number) => typeOfNumber(typeOfRid(number))))];
  const parents = types.flatMap((type) => parentOf(type)?.number ?? []);
  const gate = await context.gate(types);
  const from = direction === 'below' ? 'f.target' : 'f.rid';
  const to = direction === 'below' ? 'f.rid' : 'f.target';
  const members = new Set(start);
  let edge = [...start];
  for (let level = 0; edge.length > 0 && level < MOST_LEVELS; level++) {
    // The link is the referring resource's: one that is not seen says nothing.
    const next = await rowsOf(
      context,
      sql`select distinct ${sql.ref(to)} as rid from reference f cross join resource m
        where ${sql.ref(from)} in (${list(edge)}) and f.parameter in (${constants(parents)})
        and m.rid = f.rid and ${gate('m')} limit ${constant(MOST_MEMBERS + 1)}`,
    );
    edge = next.map(({ rid }) => asNumber(rid)).filter((rid) => !members.has(rid));
    for (const rid of edge) members.add(rid);
    if (members.size > MOST_MEMBERS)
      throw new TooCostly(name, `More than ${MOST_MEMBERS} are ${direction} it.`);
  }
  return [...members];
}
