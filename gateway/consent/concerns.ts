import { GRANTEE_ROLES } from '@fhir-fabric-gateway/chaincode/api';
import { asNumber, asText, type Connection } from '../index-store/connection.ts';
import { keyText } from '../index-store/fold.ts';
import { TERM } from '../index-store/schema.ts';
import { typeNumber } from '../index-store/numbers.ts';
import { foldRule, permitsSomething, type AccessContext, type FoldedRule } from './fold-rule.ts';
import { contextOf, readsWhatIsNotPrivate } from './read-access.ts';
import { ruleOf } from './rule-shape.ts';
import type { Visibility } from './visibility.ts';

/** Rules that say the same to this requester, and where they are kept. */
export interface KeptRule {
  /** undefined: they can't match now, for this requester and purpose. */
  folded: FoldedRule | undefined;
  permitsSomething: boolean;
  /** Grantee's number → numbers of shapes; grantee 0 for `*` and for privacy. */
  kept: Map<number, number[]>;
}

/** What of the index concerns one requester, as numbers. -1 stands for what the index has never heard of. */
export interface Concerns {
  grantees: readonly number[];
  /** Numbers of the requester's person and organisation. */
  parties: readonly number[];
  organisation: number;
  identity: number;
  ownPatient: number;
  grants: readonly KeptRule[];
  privacy: readonly KeptRule[];
}

/** The grantee under which rules for everyone are kept. */
export const EVERYONE = 0;

/** Number of a `Type/id`, or of a bare text; -1 when the index doesn't know it. */
export async function nameNumber(connection: Connection, reference: string): Promise<number> {
  const [type, id, ...rest] = reference.split('/');
  const typed = typeNumber(type ?? '');
  const known = typed > 0 && id !== undefined && rest.length === 0;
  const rows = await connection.all(
    'select num from name where type = ? and id = ?',
    known ? [typed, keyText(id)] : [0, keyText(reference)],
  );
  return rows[0] === undefined ? -1 : asNumber(rows[0]['num']);
}

export async function termNumber(
  connection: Connection,
  kind: number,
  value: string,
  system = 0,
): Promise<number> {
  const rows = await connection.all('select num from term where kind = ? and value = ? and system = ?', [
    kind,
    keyText(value),
    system,
  ]);
  return rows[0] === undefined ? -1 : asNumber(rows[0]['num']);
}

/** Distinct shapes by hopping from one to the next, however many rules there are of each. */
const hop = (table: string, where: string) => `with recursive hop (shape) as (
  select min(shape) from ${table} where ${where}
  union all select (select min(shape) from ${table} where ${where} and shape > hop.shape) from hop where shape is not null)
  select shape.num, shape.body from hop join shape on shape.num = hop.shape`;
const GRANT_SHAPES = hop('consent_rule', 'grantee = ?');
const PRIVACY_SHAPES = hop('privacy_rule', '1 = 1');

async function keptRules(
  connection: Connection,
  text: string,
  grantees: readonly (readonly [number, string])[],
  context: AccessContext,
): Promise<KeptRule[]> {
  const rules = new Map<string, KeptRule>();
  const shapes = await Promise.all(
    grantees.map(async ([number]) => connection.all(text, text === GRANT_SHAPES ? [number, number] : [])),
  );
  for (const [at, [number, grantee]] of grantees.entries()) {
    for (const row of shapes[at] ?? []) {
      const folded = foldRule(ruleOf(asText(row['body']), grantee), context);
      const key = JSON.stringify(folded ?? null);
      let rule = rules.get(key);
      if (rule === undefined) {
        rule = {
          folded,
          permitsSomething: folded !== undefined && permitsSomething(folded),
          kept: new Map(),
        };
        rules.set(key, rule);
      }
      rule.kept.set(number, [...(rule.kept.get(number) ?? []), asNumber(row['num'])]);
    }
  }
  return [...rules.values()];
}

/** Looks up, once a request, whom and what the gate is about. */
export async function concernsOf(connection: Connection, visibility: Visibility): Promise<Concerns> {
  const { principal, now } = visibility;
  const { role, person, organization } = principal.requester;
  const context = contextOf(principal, now);
  const parties = [person, organization].filter((party) => party !== undefined);
  const [organisation, ownPatient, ...numbers] = await Promise.all([
    termNumber(connection, TERM.msp, principal.identity.mspId),
    principal.patient === undefined ? -1 : nameNumber(connection, `Patient/${principal.patient}`),
    ...parties.map((party) => nameNumber(connection, party)),
  ]);
  const named = parties
    .map((party, at): [number, string] => [numbers[at] ?? -1, party])
    .filter(([number]) => number >= 0);
  const grantees: [number, string][] = [[EVERYONE, '*'], ...named];
  const [identity, grants, privacy] = await Promise.all([
    termNumber(connection, TERM.identity, principal.identity.pseudonym, organisation),
    GRANTEE_ROLES.includes(role) ? keptRules(connection, GRANT_SHAPES, grantees, context) : [],
    readsWhatIsNotPrivate(role) ? keptRules(connection, PRIVACY_SHAPES, [[EVERYONE, '*']], context) : [],
  ]);
  return {
    grantees: grantees.map(([number]) => number),
    parties: named.map(([number]) => number),
    organisation,
    identity,
    ownPatient,
    grants,
    privacy,
  };
}
