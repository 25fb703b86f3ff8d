import { parameterOf, type SearchParameter } from '@fhir-fabric-gateway/mappings';
import { sql } from '../sql.ts';
import { insufficientScope } from '../../consent/scopes.ts';
import { coversType } from '../../consent/visibility.ts';
import type { VisitAccount } from '../connection.ts';
import { STATE, typeNumber } from '../numbers.ts';
import { MOST_LINKS, TooCostly } from './budget.ts';
import {
  UnknownParameter,
  all,
  constants,
  either,
  ofParameters,
  type Condition,
  type Sql,
} from './condition.ts';
import { confinedTo, ofTypes, type SearchContext } from './context.ts';
import { isSupported, parameterCondition } from './parameter.ts';

interface Hop {
  types: readonly string[];
  condition: Condition;
  gate: (r: string) => Sql;
  /** On whose account the resources at the other end are visited. */
  account: VisitAccount;
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
  const { budget } = context;
  if (depth >= MOST_LINKS)
    throw new TooCostly(budget.name ?? name, `Chains have at most ${MOST_LINKS} links.`);
  budget.addBranch();
  const before = budget.terms;
  const condition = await parameterCondition(context, types, name, value, depth + 1);
  const account = budget.account(budget.terms - before);
  return { types, condition, account, gate: await context.gate(types) };
}

const seen = ({ connection: { words } }: SearchContext, hop: Hop, alias: string, known = false): Sql =>
  all([
    words.visits(hop.account, sql.ref(`${alias}.rid`)),
    ofTypes(alias, hop.types),
    hop.gate(alias),
    ...(known ? [] : [hop.condition.holds(alias)]),
  ]);

/** The resources at the other end, and no others, if the condition there is one to begin with. */
function otherEnd(context: SearchContext, hop: Hop): Sql | undefined {
  const { rows: begin, exact = false } = hop.condition;
  const rows = begin?.(undefined);
  if (rows === undefined) return undefined;
  const [t, d] = [context.alias(), `begun_${context.alias()}`];
  return context.connection.words
    .once(sql`select ${sql.ref(`${t}.rid`)} from (select distinct rid from (${rows}) every_row) ${sql.ref(d)}
    cross join resource ${sql.ref(t)} where ${sql.ref(`${t}.rid`)} = ${sql.ref(`${d}.rid`)} and ${seen(context, hop, t, exact)}`);
}

/** Types in which what follows is of one kind, so that one condition serves for all of them; `_has` is of every type. */
function alike(types: readonly string[], code: string): string[][] {
  const kinds = new Map<string, string[]>();
  for (const type of types) {
    const parameter = parameterOf(type, code);
    if (code !== '_has' && (parameter === undefined || !isSupported(parameter))) continue;
    const kind = parameter?.type === 'composite' ? parameter.url : (parameter?.type ?? '');
    kinds.set(kind, [...(kinds.get(kind) ?? []), type]);
  }
  return [...kinds.values()];
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
  const possible = targets.filter(
    (type) => typeNumber(type) > 0 && (narrowed === undefined || type === narrowed),
  );
  const having = alike(possible, code).flat();
  if (having.length === 0)
    throw new UnknownParameter(name, `${name}: nothing that it can refer to has ${code}.`);
  const hops: Hop[] = [];
  for (const types of alike(searchable(context, having), code))
    hops.push(await hopTo(context, types, rest, value, depth));
  const numbers = parameters.map(({ number }) => number);
  const beginnings = hops.map((hop) => otherEnd(context, hop)).filter((end) => end !== undefined);
  return {
    rank: 14,
    exact: true,
    holds(r) {
      const [f, t] = [context.alias(), context.alias()];
      return sql`exists (select 1 from reference ${sql.ref(f)} join resource ${sql.ref(t)}
        on ${sql.ref(`${t}.rid`)} = ${sql.ref(`${f}.target`)}
        where ${context.connection.words.same(sql.ref(`${f}.rid`), sql.ref(`${r}.rid`))} and ${ofParameters(f, numbers)}
        and ${either(hops.map((hop) => sql`(${seen(context, hop, t)})`))})`;
    },
    ...(beginnings.length === hops.length && {
      rows: (patients) =>
        sql.join(
          beginnings.map(
            (end) => sql`select v.rid, v.patient from reference v where v.parameter in (${constants(numbers)})
              and v.target in (${end}) ${confinedTo(sql`v.patient`, patients)}`,
          ),
          ' union all ',
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
    exact: true,
    holds(r) {
      const [f, s] = [context.alias(), context.alias()];
      return sql`exists (select 1 from reference ${sql.ref(f)} join resource ${sql.ref(s)}
        on ${sql.ref(`${s}.rid`)} = ${sql.ref(`${f}.rid`)}
        where ${context.connection.words.same(sql.ref(`${f}.target`), sql.ref(`${r}.rid`))} and ${sql.ref(`${f}.parameter`)} = ${constants([parameter.number])}
        and ${seen(context, hop, s)})`;
    },
    ...(beginning && {
      rows: (patients) =>
        sql`select v.rid, v.patient from (select distinct h.target as rid from reference h
            where h.parameter = ${constants([parameter.number])} and h.rid in (${beginning})) begun
          cross join resource v where v.rid = begun.rid and v.state = ${sql.raw(String(STATE.live))}
          ${confinedTo(sql`v.patient`, patients)}`,
    }),
  };
}
