import type { Rule, Span } from '@fhir-fabric-gateway/chaincode/api';
import { nameNumber } from '../consent/concerns.ts';
import type { RulesInForce } from '../consent/read-access.ts';
import { ruleOf } from '../consent/rule-shape.ts';
import type { Changes } from './changes.ts';
import { asNumber, asText, type Connection, type Row } from './connection.ts';
import { KeptAnswers } from './kept-answers.ts';
import { EARLIEST, LATEST } from './numbers.ts';
import { EVERYONE } from './write-rules.ts';

const KEPT_RULES = 10_000;
const GRANTS = `select s.body, g.period_from, g.period_to from consent_rule g join shape s on s.num = g.shape
  where g.patient = ? and g.grantee = ?`;
const PRIVACY = `select s.body, g.period_from, g.period_to from privacy_rule g join shape s on s.num = g.shape
  where g.patient = ?`;

const end = (value: number, open: number): number | null => (value === open ? null : value);

/**
 * Reads a patient's rules; those without a period are parsed once for all patients who share them. Where it is
 * known that no rule has changed since, what was read is not read again.
 */
export class RuleReader {
  readonly #connection: Connection;
  readonly #kept = new Map<string, Rule>();
  readonly #answers: KeptAnswers<RulesInForce>;
  constructor(connection: Connection, changes?: Changes) {
    this.#connection = connection;
    this.#answers = new KeptAnswers(changes);
  }

  #rule(row: Row, grantee: string): Rule {
    const from = end(asNumber(row['period_from']), EARLIEST);
    const to = end(asNumber(row['period_to']), LATEST);
    const body = asText(row['body']);
    const key = `${grantee} ${body}`;
    let rule = this.#kept.get(key);
    if (rule === undefined) {
      rule = ruleOf(body, grantee);
      if (this.#kept.size >= KEPT_RULES) this.#kept.clear();
      this.#kept.set(key, rule);
    }
    const period: Span = [from, to];
    return from === null && to === null ? rule : { ...rule, period };
  }

  /** Rules of a patient kept for the grantees and for everyone, and what is not private. */
  of(patient: string, grantees: readonly string[]): Promise<RulesInForce> {
    return this.#answers.of([patient, ...grantees].join(' '), () => this.#read(patient, grantees));
  }

  async #read(patient: string, grantees: readonly string[]): Promise<RulesInForce> {
    const number = await nameNumber(this.#connection, `Patient/${patient}`);
    if (number < 0) return { grants: [], privacy: [] };
    const grants: Rule[] = [];
    for (const grantee of new Set([EVERYONE.name, ...grantees])) {
      const to = grantee === EVERYONE.name ? EVERYONE.number : await nameNumber(this.#connection, grantee);
      if (to < 0) continue;
      for (const row of await this.#connection.all(GRANTS, [number, to]))
        grants.push(this.#rule(row, grantee));
    }
    const rows = await this.#connection.all(PRIVACY, [number]);
    return { grants, privacy: rows.map((row) => this.#rule(row, EVERYONE.name)) };
  }
}
