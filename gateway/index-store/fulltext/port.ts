import type { SqlValue } from '../connection.ts';
import type { Sql } from '../sql.ts';
import type { Document } from './document.ts';
import type { TextQuery } from './query.ts';

/** What a query looks into: the narrative alone (`_text`), or all of a resource's texts (`_content`). */
export type TextScope = 'narrative' | 'everything';

export interface Statement {
  text: string;
  values: readonly SqlValue[];
}

/** What engines say differently about the full-text index: a document a live resource, by the resource's number. */
export interface FulltextWords {
  insert(rid: number, patient: number, document: Document): Statement;
  /** Set where a document is taken out by saying what is in it, and not by its number. */
  remove?(rid: number, patient: number, document: Document): Statement;
  /** That the document of the resource with the number of a column outside answers to the query. */
  holds(rid: Sql, query: TextQuery, scope: TextScope): Sql;
  /** `select rid` of all documents that answer; of these patients' alone, where given. */
  rows(query: TextQuery, scope: TextScope, patients: readonly number[] | undefined): Sql;
}
