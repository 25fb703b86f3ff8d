import { setImmediate } from 'node:timers/promises';
import {
  RESOURCE_TYPES,
  SECTIONS,
  typeRow,
  type Action,
  type Section,
} from '@fhir-fabric-gateway/chaincode/api';
import type { ConcernedActor } from './actors.ts';
import { nestedIn, rulesFor, type Agreement, type SaidRules } from './agreements.ts';
import { decide, type Decision, type Reason } from './decide.ts';
import { purposesOf, samplesOf, type Sample } from './samples.ts';

/** `partly`: of what is in the section some is open and some is not, by label, date or period. */
export type Word = 'permit' | 'deny' | 'partly';

/** What holds for some purposes alike. */
export interface Statement {
  action: Action;
  /** Empty: whatever the purpose. */
  purposes: readonly string[];
  decision: Word;
  /** What it would be without what is explained. */
  before: Word;
  change: 'none' | 'opens' | 'closes' | 'both';
  /** The provisions that decide; none: nobody permits it. */
  reasons: readonly Reason[];
}

export interface SectionExplained {
  section: Section;
  /** Resource types, where those of the section differ. */
  classes?: readonly string[];
  statements: readonly Statement[];
}

export interface ActorExplained {
  actor: ConcernedActor;
  sections: readonly SectionExplained[];
}

/** What is looked at for one actor: with what is explained, and without. */
interface Looked {
  actor: ConcernedActor;
  now: number;
  samples: readonly Sample[];
  purposes: readonly string[];
  /** Resource types that some rule names. */
  named: ReadonlySet<string>;
  after: SaidRules;
  before: SaidRules;
}

/** Evaluations of a rule: about a second's. */
const MOST_WORK = 2_000_000;

const wordOf = (decisions: readonly Decision[]): Word => {
  if (decisions.every(({ permitted }) => permitted)) return 'permit';
  return decisions.some(({ permitted }) => permitted) ? 'partly' : 'deny';
};

function changeOf(before: readonly Decision[], after: readonly Decision[]): Statement['change'] {
  const turned = after.filter(({ permitted }, at) => permitted !== before[at]?.permitted);
  if (turned.length === 0) return 'none';
  if (turned.every(({ permitted }) => permitted)) return 'opens';
  return turned.some(({ permitted }) => permitted) ? 'both' : 'closes';
}

function reasonsOf(decisions: readonly Decision[]): Reason[] {
  const found = new Map<string, Reason>();
  for (const { reason } of decisions) if (reason) found.set(`${reason.consent ?? ''} ${reason.path}`, reason);
  return [...found.values()];
}

function statementOf(looked: Looked, section: Section, type: string, action: Action, purpose: string) {
  const { actor, now, samples } = looked;
  const ask = (rules: SaidRules) =>
    samples.map((sample) =>
      decide(rules, { requester: actor.requester, action, purpose, now, type, section, ...sample }),
    );
  const [before, after] = [ask(looked.before), ask(looked.after)];
  return {
    ...{ action, purposes: [purpose], decision: wordOf(after), before: wordOf(before) },
    ...{ change: changeOf(before, after), reasons: reasonsOf(after) },
  };
}

const withoutPurposes = ({ reasons, purposes: _purposes, ...rest }: Statement): string =>
  JSON.stringify([rest, reasons.map(({ consent, path }) => [consent, path])]);

/** Purposes for which the same holds are said together. */
function statementsOf(looked: Looked, section: Section, type: string): Statement[] {
  const found = new Map<string, Statement>();
  for (const action of ['access', 'correct'] as const) {
    for (const purpose of looked.purposes) {
      const statement = statementOf(looked, section, type, action, purpose);
      const key = withoutPurposes(statement);
      const same = found.get(key);
      found.set(key, same ? { ...same, purposes: [...same.purposes, purpose] } : statement);
    }
  }
  const all = looked.purposes.length;
  return [...found.values()].map((one) => (one.purposes.length === all ? { ...one, purposes: [] } : one));
}

const TYPES = new Map(
  SECTIONS.filter((section) => section !== 'consent').map((section) => [
    section,
    RESOURCE_TYPES.filter((type) => typeRow(type)?.sections.includes(section)),
  ]),
);

/** Types that no rule names are alike: one stands for all. */
function sectionsOf(looked: Looked): SectionExplained[] {
  return [...TYPES].flatMap(([section, types]) => {
    const alike = Map.groupBy(types, (type) => (looked.named.has(type) ? type : ''));
    const said = [...alike.values()].map((of) => ({
      of,
      statements: statementsOf(looked, section, of[0] ?? ''),
    }));
    const groups = Map.groupBy(said, ({ statements }) =>
      JSON.stringify(statements.map((one) => [one.purposes.join(), withoutPurposes(one)])),
    );
    return [...groups.values()].map((group): SectionExplained => ({
      section,
      statements: group[0]?.statements ?? [],
      ...(groups.size > 1 && { classes: group.flatMap(({ of }) => of) }),
    }));
  });
}

/** One actor's rules, and what they could tell apart. */
function look(
  actor: ConcernedActor,
  after: readonly Agreement[],
  before: readonly Agreement[],
  now: number,
): { looked: Looked; work: number } {
  const said = { after: rulesFor(actor.requester, after), before: rulesFor(actor.requester, before) };
  const rules = [said.after, said.before].flatMap(({ grants, privacy }) => [
    ...nestedIn([...grants, ...privacy].map(({ rule }) => rule)),
  ]);
  const [samples, purposes] = [samplesOf(rules), purposesOf(rules)];
  const named = new Set(rules.flatMap(({ classes }) => classes ?? []));
  const work = rules.length * samples.length * purposes.length * (TYPES.size + named.size);
  return { looked: { ...said, actor, now, samples, purposes, named }, work };
}

/**
 * Who would see what of a record, and why: for each actor and section what the Consents in `after` say together at
 * `now`, and what it would be by those in `before`. Labels and dates are tried, as far as any rule tells them apart.
 * undefined when that is more than can be gone through while somebody waits; others have their turn meanwhile.
 */
export async function explain(
  actors: readonly ConcernedActor[],
  after: readonly Agreement[],
  before: readonly Agreement[],
  now: number,
): Promise<ActorExplained[] | undefined> {
  const explained: ActorExplained[] = [];
  let left = MOST_WORK;
  for (const actor of actors) {
    const { looked, work } = look(actor, after, before, now);
    left -= work;
    if (left < 0) return undefined;
    explained.push({ actor, sections: sectionsOf(looked) });
    await setImmediate();
  }
  return explained;
}
