import { parameterOf, type SearchParameter } from '@fhir-fabric-gateway/mappings';
import { sql } from 'kysely';
import { insufficientScope } from '../../consent/scopes.ts';
import { coversType } from '../../consent/visibility.ts';
import { STATE, typeNumber } from '../numbers.ts';
import { UnknownParameter, all, either, list, type Condition, type Sql } from './condition.ts';
import { confinedTo, ofTypes, type SearchContext } from './context.ts';
import { parameterCondition } from './parameter.ts';

/** Deeper chains than anyone needs. */
const DEEPEST = 8;

interface Hop {
  types: readonly string[];
  condition: Condition;
  gate: (r: string) => Sql;
}

/**
 * Of the types at the other end of a link, those that the token may search: to ask for what stands there is to search it.
 * Throws 403 `insufficient_scope` when there are none.
 */
function searchable(context: SearchContext, types: readonly string[]): string[] {
  const { scopes } = context.visibility;
  const covered = types.filter((type) => coversType(scopes, type));
  if (covered.length === 0) throw insufficientScope('search', types.join(', '));
  return covered;
}

/** Conditions on what stands at the other end, each behind the gate: nothing is disclosed through what isn't seen. */
async function hopTo(
  context: SearchContext,
  types: readonly string[],
  name: string,
  value: string,
  depth: number,
): Promise<Hop> {
  if (depth > DEEPEST) throw new UnknownParameter(name, `Chains have at most ${DEEPEST} links.`);
  const condition = await parameterCondition(context, types, name, value, depth + 1);
  return { types, condition, gate: await context.gate(types) };
}

const seen = (hop: Hop, alias: string): Sql =>
  all([ofTypes(alias, hop.types), hop.gate(alias), hop.condition.holds(alias)]);

/** The resources at the other end, if the condition there is one to begin with. */
function otherEnd(context: SearchContext, hop: Hop): Sql | undefined {
  const rows = hop.condition.rows?.(undefined);
  if (rows === undefined) return undefined;
  const [t, d] = [context.alias(), `begun_${context.alias()}`];
  return sql`select ${sql.ref(`${t}.rid`)} from (${rows}) ${sql.ref(d)} cross join resource ${sql.ref(t)}
    where ${sql.ref(`${t}.rid`)} = ${sql.ref(`${d}.rid`)} and ${seen(hop, t)}`;
}

/** `subject:Patient.name=x`: the reference parameter, the type it is narrowed to, and what follows the dot. */
export async function chainCondition(
  context: SearchContext,
  parameters: readonly SearchParameter[],
  narrowed: string | undefined,
  rest: string,
  name: string,
  value: string,
  depth: number,
): Promise<Condition> {
  const targets = [...new Set(parameters.flatMap((parameter) => parameter.targets ?? []))];
  const code = /^[^:.]+/.exec(rest)?.[0] ?? '';
  const possible = (narrowed === undefined ? targets : targets.filter((type) => type === narrowed)).filter(
    (type) => typeNumber(type) > 0 && (code === '_has' || parameterOf(type, code) !== undefined),
  );
  if (possible.length === 0)
    throw new UnknownParameter(name, `${name}: nothing that it can refer to has ${code}.`);
  const hops: Hop[] = [];
  for (const type of searchable(context, possible))
    hops.push(await hopTo(context, [type], rest, value, depth));
  const numbers = parameters.map(({ number }) => number);
  const beginnings = hops.map((hop) => otherEnd(context, hop)).filter((end) => end !== undefined);
  return {
    rank: 14,
    holds(r) {
      const [f, t] = [context.alias(), context.alias()];
      return sql`exists (select 1 from reference ${sql.ref(f)} join resource ${sql.ref(t)}
        on ${sql.ref(`${t}.rid`)} = ${sql.ref(`${f}.target`)}
        where ${sql.ref(`${f}.rid`)} = ${sql.ref(`${r}.rid`)} and ${sql.ref(`${f}.parameter`)} in (${list(numbers)})
        and ${either(hops.map((hop) => sql`(${seen(hop, t)})`))})`;
    },
    ...(beginnings.length === hops.length && {
      rows: (patients) =>
        sql.join(
          beginnings.map(
            (end) => sql`select v.rid, v.patient from reference v where v.parameter in (${list(numbers)})
              and v.target in (${end}) ${confinedTo(sql`v.patient`, patients)}`,
          ),
          sql` union all `,
        ),
    }),
  };
}

/** `_has:Observation:patient:code=x`: something that refers to the resource and answers to the rest. */
export async function hasCondition(
  context: SearchContext,
  name: string,
  value: string,
  depth: number,
): Promise<Condition> {
  const [, type = '', code = '', ...more] = name.split(':');
  const rest = more.join(':');
  const parameter = parameterOf(type, code);
  if (parameter?.type !== 'reference' || rest === '') {
    throw new UnknownParameter(name, `${name}: write _has:Type:reference-parameter:parameter.`);
  }
  const hop = await hopTo(context, searchable(context, [type]), rest, value, depth);
  const beginning = otherEnd(context, hop);
  return {
    rank: 16,
    holds(r) {
      const [f, s] = [context.alias(), context.alias()];
      return sql`exists (select 1 from reference ${sql.ref(f)} join resource ${sql.ref(s)}
        on ${sql.ref(`${s}.rid`)} = ${sql.ref(`${f}.rid`)}
        where ${sql.ref(`${f}.target`)} = ${sql.ref(`${r}.rid`)} and ${sql.ref(`${f}.parameter`)} = ${parameter.number}
        and ${seen(hop, s)})`;
    },
    ...(beginning && {
      rows: (patients) =>
        sql`select v.rid, v.patient from (select distinct h.target as rid from reference h
            where h.parameter = ${parameter.number} and h.rid in (${beginning})) begun
          cross join resource v where v.rid = begun.rid and v.state = ${sql.raw(String(STATE.live))}
          ${confinedTo(sql`v.patient`, patients)}`,
    }),
  };
}
