import { sql } from '../sql.ts';
import type { Document } from './document.ts';
import type { FulltextWords, TextScope } from './port.ts';
import { written, type TextQuery } from './query.ts';

/** What waits to be put into the index is read from end to end by every search: it is kept short. */
export const POSTGRES_FULLTEXT = `create table fulltext (rid bigint primary key, document tsvector not null);
create index fulltext_document on fulltext using gin (document) with (gin_pending_list_limit = 64)`;

/** Later words stand where this one does, and of one word in many places the first are kept. */
const LAST_PLACE = 16_383;
const MOST_PLACES = 255;

const ofPatient = (patient: number): string => `'#${patient}'`;

/** As `tsvector` is written: words with their places, those of the narrative with the weight A. */
function vector(patient: number, { narrative, rest }: Document): string {
  const places = new Map<string, string[]>();
  let place = 0;
  const add = (texts: Document['rest'], weight: string): void => {
    for (const words of texts) {
      for (const word of words) {
        place = Math.min(place + 1, LAST_PLACE);
        const known = places.get(word);
        if (known === undefined) places.set(word, [`${place}${weight}`]);
        else if (known.length < MOST_PLACES) known.push(`${place}${weight}`);
      }
      // No phrase is found across two texts.
      place++;
    }
  };
  add(narrative, 'A');
  add(rest, '');
  return [ofPatient(patient), ...Array.from(places, ([word, at]) => `'${word}':${at.join(',')}`)].join(' ');
}

function asked(query: TextQuery, scope: TextScope, patients?: readonly number[]): string {
  const weight = scope === 'narrative' ? 'A' : '';
  const phrase = (words: readonly string[], prefix: boolean): string => {
    const parts = words.map((word, at) => {
      const flags = `${prefix && at === words.length - 1 ? '*' : ''}${weight}`;
      return `'${word}'${flags === '' ? '' : `:${flags}`}`;
    });
    return `(${parts.join(' <-> ')})`;
  };
  const text = written(query, { phrase, and: ' & ', or: ' | ', without: ' & !' });
  return patients === undefined ? text : `(${patients.map(ofPatient).join(' | ')}) & ${text}`;
}

export const postgresFulltext: FulltextWords = {
  insert: (rid, patient, document) => ({
    text: 'insert into fulltext values (?, ?)',
    values: [rid, vector(patient, document)],
  }),
  holds: (rid, query, scope) =>
    sql`exists (select 1 from fulltext t where (t.rid = ${rid} and t.rid <= ${rid}) and t.document @@ ${asked(query, scope)}::tsquery)`,
  rows: (query, scope, patients) =>
    patients?.length === 0
      ? sql`select null::bigint as rid where 1 = 0`
      : sql`select t.rid from fulltext t where t.document @@ ${asked(query, scope, patients)}::tsquery`,
};
