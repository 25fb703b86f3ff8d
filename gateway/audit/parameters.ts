import { ROLES } from '@fhir-fabric-gateway/chaincode/api';
import type { Coding } from '@medplum/fhirtypes';
import { ROLE_SYSTEM } from './agents.ts';
import { BALP_ENTITY_TYPE, ENTITY_ROLE, ENTITY_TYPE, siteOf, type AuditSource } from './audit-event.ts';
import * as condition from './condition.ts';
import { ALWAYS, is, NEVER, type Condition, type TokenValue } from './condition.ts';
import { seqOf } from './event-id.ts';
import { INTERACTIONS } from './interactions.ts';
import { named, type Named } from './references.ts';
import type { AuditWords } from './schema.ts';

/** What parameters are compiled against. */
export interface SearchContext {
  source: AuditSource;
  /** The log's secret, for ids. */
  secret: Uint8Array;
  words: AuditWords;
  /** Milliseconds since 1970. */
  now: number;
}

/** A search parameter of AuditEvent: https://hl7.org/fhir/R4/auditevent.html#search */
export interface Parameter {
  type: 'token' | 'string' | 'date' | 'reference' | 'uri';
  /** Rows that have the element; for `:missing`. */
  present: Condition;
  match(alternative: string, modifier: string | undefined, context: SearchContext): Condition;
}

const STRING = '(SELECT id FROM string WHERE value = ?)';

const token = (values: readonly TokenValue[], present: Condition = ALWAYS): Parameter => ({
  type: 'token',
  present,
  match: (alternative) => condition.tokenCondition(alternative, values),
});

const date = (name: string): Parameter => ({
  type: 'date',
  present: ALWAYS,
  match: (alternative, _modifier, { now }) => condition.dateCondition(name, alternative, now),
});

const reference = (
  name: string,
  present: Condition,
  toCondition: (target: Named, context: SearchContext) => Condition,
): Parameter => ({
  type: 'reference',
  present,
  match(alternative, modifier, context) {
    const target = named(name, condition.unescaped(alternative), context.source.baseUrl, modifier);
    return target === undefined ? NEVER : toCondition(target, context);
  },
});

const nothing = (type: Parameter['type']): Parameter => ({ type, present: NEVER, match: () => NEVER });

/** A column that holds `Type/id`. */
const holds = (column: string, { type, id }: Named, { words }: SearchContext): Condition =>
  type === undefined
    ? is(`substr(${column}, ${words.position}(${column}, '/') + 1) = ?`, id)
    : is(`${column} = ?`, `${type}/${id}`);

const isPatient = ({ type }: Named): boolean => type === undefined || type === 'Patient';
const concernsPatient = (id: string): Condition => is(`coalesce(e.patient = ${STRING}, FALSE)`, id);

const HAS_PATIENT = is('e.patient IS NOT NULL');
const HAS_ENTITY = is('e.entity IS NOT NULL');
const HAS_QUERY = is('e.query IS NOT NULL');
const codesOf = (of: (kind: (typeof INTERACTIONS)[number]['kind']) => Coding): TokenValue[] =>
  INTERACTIONS.map(({ kind }, number) => ({
    system: of(kind).system ?? '',
    code: of(kind).code ?? '',
    where: is('e.interaction = ?', number),
  }));

const fixed = (system: string, codes: readonly string[], where: (code: string) => Condition): TokenValue[] =>
  codes.map((code) => ({ system, code, where: where(code) }));

export const PARAMETERS: Readonly<Record<string, Parameter>> = {
  _id: {
    type: 'token',
    present: ALWAYS,
    match(alternative, _modifier, { secret }) {
      const seq = seqOf(secret, alternative);
      return seq === undefined ? NEVER : is('e.seq = ?', seq);
    },
  },
  _lastUpdated: date('_lastUpdated'),
  date: date('date'),
  patient: reference('patient', condition.anyOf([HAS_PATIENT, is("a.person LIKE 'Patient/%'")]), (target) =>
    isPatient(target)
      ? condition.anyOf([concernsPatient(target.id), is('a.person = ?', `Patient/${target.id}`)])
      : NEVER,
  ),
  agent: reference('agent', is("(a.person <> '' OR a.organization <> '')"), (target, context) =>
    condition.anyOf([holds('a.person', target, context), holds('a.organization', target, context)]),
  ),
  'agent-name': {
    type: 'string',
    present: is("a.display <> ''"),
    match: (alternative, modifier, { words }) =>
      condition.stringCondition(words, 'display', alternative, modifier),
  },
  'agent-role': token(fixed(ROLE_SYSTEM, ROLES, (role) => is('a.role = ?', role))),
  address: {
    type: 'string',
    present: ALWAYS,
    match: (alternative, modifier, { source, words }) =>
      condition.anyOf([
        condition.stringCondition(words, 'address', alternative, modifier),
        addressOfServer(source.baseUrl, alternative, modifier),
      ]),
  },
  altid: nothing('token'),
  entity: reference('entity', condition.anyOf([HAS_ENTITY, HAS_PATIENT]), (target, context) => {
    const { version } = target;
    const column = holds('e.entity', target, context);
    const data = is(
      `coalesce(${column.sql}${version === undefined ? '' : ' AND e.version = ?'}, FALSE)`,
      ...column.parameters,
      ...(version === undefined ? [] : [version]),
    );
    return isPatient(target) && version === undefined
      ? condition.anyOf([data, concernsPatient(target.id)])
      : data;
  }),
  'entity-name': nothing('string'),
  'entity-type': token(
    [
      { system: ENTITY_TYPE, code: '1', where: HAS_PATIENT },
      { system: ENTITY_TYPE, code: '2', where: condition.anyOf([HAS_ENTITY, HAS_QUERY]) },
      { system: BALP_ENTITY_TYPE, code: 'XrequestId', where: is("e.request <> ''") },
    ],
    condition.anyOf([HAS_PATIENT, HAS_ENTITY, HAS_QUERY, is("e.request <> ''")]),
  ),
  'entity-role': token(
    [
      { system: ENTITY_ROLE, code: '1', where: HAS_PATIENT },
      { system: ENTITY_ROLE, code: '4', where: HAS_ENTITY },
      { system: ENTITY_ROLE, code: '24', where: HAS_QUERY },
    ],
    condition.anyOf([HAS_PATIENT, HAS_ENTITY, HAS_QUERY]),
  ),
  action: token(
    fixed('http://hl7.org/fhir/audit-event-action', ['C', 'R', 'U', 'D', 'E'], (code) =>
      is('e.action = ?', code),
    ),
  ),
  outcome: token(
    fixed('http://terminology.hl7.org/CodeSystem/audit-event-outcome', ['0', '4', '8', '12'], (code) =>
      is('e.outcome = ?', Number(code)),
    ),
  ),
  type: token(codesOf((kind) => kind.type)),
  subtype: token(codesOf((kind) => kind.subtype)),
  policy: {
    type: 'uri',
    present: is('e.policy IS NOT NULL'),
    match: (alternative) => is(`coalesce(e.policy = ${STRING}, FALSE)`, condition.unescaped(alternative)),
  },
  site: {
    type: 'token',
    present: ALWAYS,
    match: (alternative, _modifier, { source }) =>
      condition.tokenCondition(alternative, [{ system: '', code: siteOf(source), where: ALWAYS }]),
  },
  source: reference('source', ALWAYS, (target, { source }) => {
    const [type, id] = source.organization?.split('/') ?? [];
    return target.id === id && (target.type ?? type) === type ? ALWAYS : NEVER;
  }),
};

/** The server is an agent of every row. */
function addressOfServer(baseUrl: string, alternative: string, modifier: string | undefined): Condition {
  const value = condition.unescaped(alternative);
  if (modifier === 'exact') return value === baseUrl ? ALWAYS : NEVER;
  const [whole, part] = [condition.fold(baseUrl), condition.fold(value)];
  return (modifier === 'contains' ? whole.includes(part) : whole.startsWith(part)) ? ALWAYS : NEVER;
}

/** Whether AuditEvents can be searched by it, besides what all resources have. */
export const isAuditParameter = (code: string): boolean => Object.hasOwn(PARAMETERS, code);
