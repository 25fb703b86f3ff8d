import { DatabaseSync } from 'node:sqlite';
import type { SearchRequest } from './port.ts';
import { searchIn } from './search/search.ts';
import { openForReading } from './sqlite.ts';

/** A statement of a search, and what SQLite does for it, step by step, as `explain query plan` says it. */
export interface ExplainedStatement {
  text: string;
  steps: string[];
}

/** Runs a search on an index in SQLite and explains every statement that it ran. Throws what the search throws. */
export async function explainSearch(file: string, request: SearchRequest): Promise<ExplainedStatement[]> {
  const texts: string[] = [];
  const connection = openForReading(file, (text) => texts.push(text));
  try {
    await searchIn(connection, request, undefined);
  } finally {
    await connection.close();
  }
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    database.function('visited', (_account, _row) => 1);
    return texts.map((text) => ({
      text,
      steps: database
        .prepare(`explain query plan ${text}`)
        .all()
        .map(({ detail }) => String(detail)),
    }));
  } finally {
    database.close();
  }
}
