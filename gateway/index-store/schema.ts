import { DatabaseUnavailable } from '../database/port.ts';
import type { Connection, SchemaWords } from './connection.ts';
import { parkedTable } from './parked.ts';

/** Raised when tables change: an index of another version is thrown away and built again from the ledger. */
export const SCHEMA_VERSION = '5';

/** Kinds of interned text (`term`). */
export const TERM = {
  coding: 0,
  system: 1,
  text: 2,
  ofType: 3,
  uri: 4,
  unitLabel: 5,
  unit: 6,
  msp: 7,
  identity: 8,
  string: 9,
} as const;

/**
 * `name` numbers every `Type/id` that is stored or referred to; a resource's number is its name's. Tables of values are
 * keyed (parameter, value, patient, rid), so that a parameter's value in one patient's record is a range, and by rid, so
 * that a resource's values can be replaced. `patient` is the number of the Patient's name, 0 outside the records.
 */
const tables = ({ numberKey, text, bytes, clustered, fulltext }: SchemaWords): string => `
create table meta (key ${text} primary key, value ${text} not null) ${clustered};
create table name (num ${numberKey}, type integer not null, id ${text} not null);
create unique index name_id on name (type, id);
create table term (num ${numberKey}, kind integer not null, system integer not null, value ${text} not null);
create unique index term_value on term (kind, value, system);
create index term_system on term (system, num) where kind = 0;

create table resource (
  rid ${numberKey}, type integer not null, patient bigint not null, version bigint not null,
  state integer not null, home integer not null, organisation integer not null, author integer not null,
  section integer not null, labels ${text} not null, date_from bigint, date_to bigint, contained ${text},
  last_updated bigint not null, created bigint not null, block bigint not null, transaction_no integer not null,
  command integer not null, tx_id ${text} not null);
create index resource_patient on resource (type, patient, rid);
create index resource_updated on resource (type, last_updated, rid);
create table content (rid ${numberKey}, body ${bytes} not null);
create table version (
  rid bigint not null, version bigint not null, deleted integer not null, last_updated bigint not null,
  description ${text} not null, body ${bytes} not null, primary key (rid, version));
create table facet (
  rid bigint not null, no integer not null, type integer not null, section integer not null, labels ${text} not null,
  date_from bigint, date_to bigint, primary key (rid, no)) ${clustered};

create table token (
  parameter integer not null, term integer not null, patient bigint not null, rid bigint not null,
  primary key (parameter, term, patient, rid)) ${clustered};
create index token_rid on token (rid, parameter, term);
create table string (
  parameter integer not null, folded ${text} not null, patient bigint not null, rid bigint not null, exact ${text} not null,
  primary key (parameter, folded, patient, rid, exact)) ${clustered};
create index string_rid on string (rid, parameter);
create table date (
  parameter integer not null, patient bigint not null, low bigint not null, rid bigint not null, high bigint not null,
  odd integer not null, primary key (parameter, patient, low, rid, high)) ${clustered};
create index date_time on date (parameter, low, rid);
create index date_odd on date (parameter, odd, low) where odd > 0;
create index date_rid on date (rid, parameter, low, high);
create table quantity (
  parameter integer not null, low double precision not null, patient bigint not null, rid bigint not null,
  high double precision not null, unit integer not null, label integer not null,
  primary key (parameter, low, patient, rid, high, unit, label)) ${clustered};
create index quantity_rid on quantity (rid, parameter, low, high);
create table reference (
  target bigint not null, parameter integer not null, patient bigint not null, rid bigint not null,
  organisation integer not null, primary key (target, parameter, patient, rid)) ${clustered};
create index reference_rid on reference (rid, parameter, target);
create table composite (
  parameter integer not null, term1 bigint not null, patient bigint not null, rid bigint not null,
  low1 double precision not null, high1 double precision not null,
  term2 bigint not null, low2 double precision not null, high2 double precision not null,
  term3 bigint not null, low3 double precision not null, high3 double precision not null,
  primary key (parameter, term1, patient, rid, low1, high1, term2, low2, high2, term3, low3, high3)) ${clustered};
create index composite_rid on composite (rid, parameter);
create index composite_second on composite (term2) where term2 > 0 and low2 = 0 and high2 = 0;
${fulltext};

create table record (patient ${numberKey}, home integer not null, owner ${text}, status integer not null);
create table shape (num ${numberKey}, hash ${text} not null unique, body ${text} not null);
create table consent_rule (
  patient bigint not null, grantee bigint not null, consent ${text} not null, shape integer not null,
  period_from bigint not null, period_to bigint not null, primary key (patient, grantee, consent)) ${clustered};
create table grant_key (patient bigint not null, grantee bigint not null, primary key (patient, grantee)) ${clustered};
create index grant_key_grantee on grant_key (grantee);
create index consent_rule_grantee on consent_rule (grantee, shape, patient);
create index consent_rule_patient on consent_rule (grantee, patient);
create table privacy_rule (
  patient bigint not null, consent ${text} not null, shape integer not null,
  period_from bigint not null, period_to bigint not null, primary key (patient, consent)) ${clustered};
create index privacy_rule_shape on privacy_rule (shape, patient);
create table consent_party (rid bigint not null, party bigint not null, primary key (rid, party)) ${clustered};
create index consent_party_party on consent_party (party);
create table key_name (hash ${text} primary key, key ${text} not null, name ${text} not null) ${clustered};
create table quarantine (
  type ${text} not null, id ${text} not null, version bigint not null, reason ${text} not null, block bigint not null,
  tx_id ${text} not null, patient ${text}, primary key (type, id, version));
create index quarantine_patient on quarantine (patient);
${parkedTable(text)}`;

async function tablesThere(connection: Connection): Promise<boolean> {
  try {
    await connection.all('select 1 from meta limit 1');
    return true;
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw error;
    return false;
  }
}

/** The version of the tables that are there; undefined in an empty database. */
export async function schemaVersion(connection: Connection): Promise<string | undefined> {
  if (!(await tablesThere(connection))) return undefined;
  const [row] = await connection.all(VERSION);
  return row === undefined ? undefined : String(row['value']);
}

/** Throws an Error unless the tables that are there are of this version. */
export function checkVersion(version: string | undefined): void {
  if (version !== SCHEMA_VERSION)
    throw new Error(
      `The read-index has tables of version ${version ?? 'none'}, not ${SCHEMA_VERSION}: rebuild it.`,
    );
}

export const VERSION = "select value from meta where key = 'schema'";

/** What makes the tables in an empty database, statement by statement. */
export const creation = (words: SchemaWords): string[] => [
  ...tables(words)
    .split(';')
    .filter((statement) => statement.trim() !== ''),
  `insert into meta values ('schema', '${SCHEMA_VERSION}'), ('position', '-1')`,
];
