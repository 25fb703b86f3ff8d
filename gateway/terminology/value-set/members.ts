import type { ValueSet, ValueSetComposeInclude, ValueSetExpansionContains } from '@medplum/fhirtypes';
import { conceptOf, type KeptCodeSystem } from '../code-system/code-system.ts';
import { cannotProcess, notLoaded, notWhole, tooCostly, valueSetNotFound } from '../failure.ts';
import { foldString } from '../../index-store/fold.ts';
import type { Row, Value } from '../store/database.ts';
import { filterCondition, wordQuery } from './filters.ts';
import { keyOf, type Member, type Scope } from './scope.ts';

const MOST_NESTED = 20;
/** Members that are held to be compared: of what is excluded, and of value sets that others are made from. */
const MOST_HELD = 100_000;

/**
 * The members of a value set one by one, each once, in the order of its `compose`, which wins over an expansion that it
 * brings along. Throws FhirErrors, 422, for what can't be told.
 * https://hl7.org/fhir/R4/valueset.html#compositions
 */
export function* membersOf(valueSet: ValueSet, scope: Scope): Generator<Member> {
  const name = valueSet.url ?? valueSet.id ?? 'of the request';
  if (scope.within.includes(name)) throw cannotProcess(`The value set ${name} refers to itself.`);
  if (scope.within.length > MOST_NESTED) throw tooCostly('Value sets refer to others too deeply.');
  const inside: Scope = { ...scope, within: [...scope.within, name] };
  const { compose, expansion } = valueSet;
  if (!compose) {
    if (!expansion)
      throw cannotProcess(`The value set ${name} has no content: neither compose nor expansion.`);
    for (const member of flat(expansion.contains ?? [])) if (passes(member, scope)) yield member;
    return;
  }
  const excluded = new Set<string>();
  // What a text filter leaves out need not be excluded, so the filter goes for both.
  for (const exclude of compose.exclude ?? [])
    for (const member of partOf(exclude, inside)) hold(excluded, keyOf(member));
  const activeOnly = compose.inactive === false;
  const seen = new Set<string>();
  for (const include of compose.include)
    for (const member of partOf(include, inside)) {
      const key = keyOf(member);
      if (seen.has(key) || excluded.has(key) || (activeOnly && member.inactive)) continue;
      hold(seen, key);
      yield member;
    }
}

function hold(held: Set<string>, key: string): void {
  if (held.size >= MOST_HELD)
    throw tooCostly(`A value set with more than ${MOST_HELD} codes is too large for this.`);
  held.add(key);
}

export function* flat(contains: readonly ValueSetExpansionContains[]): Generator<Member> {
  for (const { contains: below, ...member } of contains) {
    const { system, code } = member;
    if (system !== undefined && code !== undefined) yield { ...member, system, code };
    if (below) yield* flat(below);
  }
}

function* partOf(part: ValueSetComposeInclude, scope: Scope): Generator<Member> {
  scope.visitPart();
  const { system, valueSet = [] } = part;
  const sets = valueSet.map((canonical) => {
    const resource = scope.valueSet(canonical);
    if (!resource) throw valueSetNotFound(canonical);
    return resource;
  });
  if (system === undefined) {
    const [first, ...others] = sets;
    if (!first) throw cannotProcess('A part of compose has neither system nor valueSet.', 'ValueSet.compose');
    yield* common(membersOf(first, scope), others, scope);
  } else yield* common(ofSystem(part, system, scope), sets, scope);
}

/** Those that are in each of the value sets as well. */
function* common(members: Iterable<Member>, sets: readonly ValueSet[], scope: Scope): Generator<Member> {
  const keys = sets.map((set) => {
    const held = new Set<string>();
    for (const member of membersOf(set, scope)) hold(held, keyOf(member));
    return held;
  });
  for (const member of members) if (keys.every((set) => set.has(keyOf(member)))) yield member;
}

function* ofSystem(part: ValueSetComposeInclude, url: string, scope: Scope): Generator<Member> {
  const excluded = scope.options.excludeSystem ?? [];
  const system = scope.codeSystem(url, part.version);
  const version = part.version ?? system?.version;
  if (excluded.includes(url) || (version !== undefined && excluded.includes(`${url}|${version}`))) return;
  if (system) scope.used.add(`${url}${system.version === undefined ? '' : `|${system.version}`}`);
  if (part.concept) {
    yield* listed(part, url, system, scope);
    return;
  }
  if (!system) throw notLoaded(url, part.version);
  if (system.content === 'not-present') throw notWhole(url, system.content);
  const conditions = (part.filter ?? []).map((filter) => {
    scope.visitPart();
    return filterCondition(system, filter);
  });
  const { filter } = scope.options;
  const words = filter === undefined ? undefined : wordQuery(filter);
  const sql = [
    'select * from concept c where c.system = ?',
    ...conditions.map((condition) => condition.sql),
    ...(words === undefined ? [] : ['c.num in (select rowid from word where word match ?)']),
  ].join(' and ');
  const values: Value[] = [
    system.num,
    ...conditions.flatMap((condition) => condition.values),
    ...(words === undefined ? [] : [words]),
  ];
  for (const row of system.file.iterate(`${sql} order by c.num`, ...values)) {
    scope.visit();
    const member = memberOf(system, row, scope, part);
    if (isWanted(member, scope)) yield member;
  }
}

/** Codes that the value set lists itself. Of a system that is here, those that are in it, with its display. */
function* listed(
  { concept = [], version }: ValueSetComposeInclude,
  url: string,
  system: KeptCodeSystem | undefined,
  scope: Scope,
): Generator<Member> {
  for (const { code = '', display, designation } of concept) {
    scope.visit();
    const row = system?.row(code);
    if (system?.whole && !row) continue;
    const known = system && row ? memberOf(system, row, scope, { version }) : undefined;
    const shown = display ?? known?.display;
    const listing: Member = {
      ...(known ?? { system: url, ...(version !== undefined && { version }), code }),
      ...(shown !== undefined && { display: shown }),
      ...(designation && scope.options.includeDesignations && { designation }),
    };
    if (passes(listing, scope)) yield listing;
  }
}

const isWanted = ({ inactive, abstract }: Member, { options }: Scope): boolean =>
  !(options.activeOnly && inactive) && !(options.excludeNotForUI && abstract);

/** The filters of the request, on a member that no query has been asked for. */
function passes(member: Member, scope: Scope): boolean {
  const { display = '', code } = member;
  const { options } = scope;
  if (!isWanted(member, scope)) return false;
  const words = options.filter?.match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length === 0) return true;
  const given = foldString(`${code} ${display}`).split(/[^\p{L}\p{N}]+/u);
  return words.every((word) => given.some((one) => one.startsWith(foldString(word))));
}

/** A row of `concept` as a member; in the language that is asked for, where it has a designation in that. */
function memberOf(
  system: KeptCodeSystem,
  row: Row,
  { options }: Scope,
  { version }: Pick<ValueSetComposeInclude, 'version'>,
): Member {
  const { code, display, inactive, abstract } = conceptOf(row);
  const { includeDesignations, displayLanguage } = options;
  const designation =
    includeDesignations || displayLanguage !== undefined ? [...system.designations(Number(row['num']))] : [];
  const translated = designation.find(
    ({ language }) => language !== undefined && language === displayLanguage,
  )?.value;
  const shown = translated ?? display;
  return {
    system: system.url,
    ...(version !== undefined && { version }),
    ...(abstract && { abstract }),
    ...(inactive && { inactive }),
    code,
    ...(shown !== undefined && { display: shown }),
    ...(includeDesignations && designation.length > 0 && { designation }),
  };
}
