import { sql } from '../sql.ts';
import type { Document } from './document.ts';
import type { FulltextWords, TextScope } from './port.ts';
import { hasPrefix, written, type TextQuery } from './query.ts';

/**
 * Texts are not kept in the index a second time (`content=''`), so that to take a document out is to say again what was
 * in it; its words then go from the file (`secure-delete`).
 */
export const SQLITE_FULLTEXT = `create virtual table fulltext using fts5(
  patient, narrative, rest, content='', columnsize=0, tokenize='ascii');
insert into fulltext (fulltext, rank) values ('secure-delete', 1)`;

/** Between texts, so that no phrase is found across two: a word that nobody can ask for. */
const BETWEEN = ' \u{b7} ';
const textOf = (texts: readonly (readonly string[])[]): string =>
  texts.map((words) => words.join(' ')).join(BETWEEN);

const ofPatient = (patient: number): string => `p${patient}`;
const columns = (patient: number, { narrative, rest }: Document): [string, string, string] => [
  ofPatient(patient),
  textOf(narrative),
  textOf(rest),
];

const SAY = {
  phrase: (words: readonly string[], prefix: boolean) => `"${words.join(' ')}"${prefix ? ' *' : ''}`,
  and: ' AND ',
  or: ' OR ',
  without: ' NOT ',
};

function match(query: TextQuery, scope: TextScope, patients?: readonly number[]): string {
  const asked = `${scope === 'narrative' ? 'narrative' : '{narrative rest}'} : (${written(query, SAY)})`;
  return patients === undefined
    ? asked
    : `patient : (${patients.map((patient) => `"${ofPatient(patient)}"`).join(' OR ')}) AND ${asked}`;
}

export const sqliteFulltext: FulltextWords = {
  insert: (rid, patient, document) => ({
    text: 'insert into fulltext (rowid, patient, narrative, rest) values (?, ?, ?, ?)',
    values: [rid, ...columns(patient, document)],
  }),
  remove: (rid, patient, document) => ({
    text: `insert into fulltext (fulltext, rowid, patient, narrative, rest) values ('delete', ?, ?, ?, ?)`,
    values: [rid, ...columns(patient, document)],
  }),
  // Words by their beginning are gathered once, since to look them up takes as long as to gather them.
  holds: (rid, query, scope) =>
    hasPrefix(query)
      ? sql`${rid} in (select rowid from fulltext where fulltext match ${match(query, scope)})`
      : sql`exists (select 1 from fulltext where fulltext match ${match(query, scope)} and rowid = ${rid})`,
  rows: (query, scope, patients) =>
    patients?.length === 0
      ? sql`select null as rid where 1 = 0`
      : sql`select rowid as rid from fulltext where fulltext match ${match(query, scope, patients)}`,
};
