import type { ValueSet, ValueSetComposeInclude } from '@medplum/fhirtypes';
import type { KeptCodeSystem } from '../code-system/code-system.ts';
import { cannotProcess, notLoaded, notWhole, valueSetNotFound } from '../failure.ts';
import type { Code } from '../port.ts';
import { filterCondition } from './filters.ts';
import { flat } from './members.ts';
import type { Member, Scope } from './scope.ts';

const MOST_NESTED = 20;

/** The member that a coding is; undefined when it is none. Nothing is expanded for it, so a value set may be of any size. */
export function memberIn(
  valueSet: ValueSet,
  coding: Code & { version?: string },
  scope: Scope,
): Member | undefined {
  const name = valueSet.url ?? valueSet.id ?? 'of the request';
  if (scope.within.includes(name)) throw cannotProcess(`The value set ${name} refers to itself.`);
  if (scope.within.length > MOST_NESTED) throw cannotProcess('Value sets refer to others too deeply.');
  const inside: Scope = { ...scope, within: [...scope.within, name] };
  const { compose, expansion } = valueSet;
  if (!compose) {
    if (!expansion)
      throw cannotProcess(`The value set ${name} has no content: neither compose nor expansion.`);
    for (const member of flat(expansion.contains ?? []))
      if (member.system === coding.system && member.code === coding.code) return member;
    return undefined;
  }
  let found: Member | undefined;
  for (const include of compose.include) found ??= inPart(include, coding, inside);
  if (!found || (compose.inactive === false && found.inactive)) return undefined;
  const excluded = (compose.exclude ?? []).some((exclude) => inPart(exclude, coding, inside) !== undefined);
  return excluded ? undefined : found;
}

function inPart(
  part: ValueSetComposeInclude,
  coding: Code & { version?: string },
  scope: Scope,
): Member | undefined {
  scope.visitPart();
  if (part.system !== undefined && part.system !== coding.system) return undefined;
  let found = part.system === undefined ? undefined : inSystem(part, part.system, coding, scope);
  if (part.system !== undefined && !found) return undefined;
  for (const canonical of part.valueSet ?? []) {
    const set = scope.valueSet(canonical);
    if (!set) throw valueSetNotFound(canonical);
    const member = memberIn(set, coding, scope);
    if (!member) return undefined;
    found ??= member;
  }
  return found;
}

function inSystem(
  part: ValueSetComposeInclude,
  url: string,
  { code, version: asked }: Code & { version?: string },
  scope: Scope,
): Member | undefined {
  const version = part.version ?? asked;
  const system = scope.codeSystem(url, version);
  const row = system?.row(code);
  const concept = system?.concept(code);
  const member: Member = {
    system: url,
    ...(version !== undefined && { version }),
    ...(concept?.abstract && { abstract: true }),
    ...(concept?.inactive && { inactive: true }),
    code: concept?.code ?? code,
    ...(concept?.display !== undefined && { display: concept.display }),
  };
  if (part.concept) {
    const listed = part.concept.find((one) => one.code === member.code);
    if (!listed || (system?.whole && !concept)) return undefined;
    return { ...member, ...(listed.display !== undefined && { display: listed.display }) };
  }
  if (!system) throw notLoaded(url, version);
  if (!row) {
    if (!system.whole) throw notWhole(url, system.content);
    return undefined;
  }
  return holdsAll(system, Number(row['num']), part, scope) ? member : undefined;
}

function holdsAll(
  system: KeptCodeSystem,
  num: number,
  { filter = [] }: ValueSetComposeInclude,
  scope: Scope,
): boolean {
  return filter.every((one) => {
    scope.visitPart();
    const { sql, values } = filterCondition(system, one);
    return (
      system.file.get(`select 1 as found from concept c where c.num = ? and ${sql}`, num, ...values) !==
      undefined
    );
  });
}
