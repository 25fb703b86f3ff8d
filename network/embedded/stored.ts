import { integer, text } from './column.ts';
import { openForReading } from './schema.ts';

/** What a ledger's file holds, in bytes of content: without what the database adds for its own order. */
export interface StoredBytes {
  blocks: number;
  /** Headers' data and signatures. */
  blockBytes: number;
  /** Private values by the kind that their key shows (`entry`, `grant`, ...): superseded ones too, as long as they are not purged. */
  values: Record<string, { count: number; bytes: number; keyBytes: number }>;
}

/** Adds up what an embedded ledger stores, also while a process writes it. Throws when the file is no ledger. */
export function storedBytes(file: string): StoredBytes {
  const db = openForReading(file);
  try {
    // One moment of the file, whatever is written meanwhile.
    db.exec('BEGIN');
    const blocks = db
      .prepare('SELECT count(*) AS count, total(length(data) + length(signature)) AS bytes FROM block')
      .get();
    const kinds = db.prepare(
      `SELECT CASE instr(key, '/') WHEN 0 THEN key ELSE substr(key, 1, instr(key, '/') - 1) END AS kind,
         count(*) AS count, sum(length(value)) AS bytes, sum(length(CAST(key AS BLOB))) AS key_bytes
       FROM private_data WHERE value IS NOT NULL GROUP BY kind ORDER BY kind`,
    );
    const values = kinds.all().map(
      (row) =>
        [
          text(row['kind']),
          {
            count: integer(row['count']),
            bytes: integer(row['bytes']),
            keyBytes: integer(row['key_bytes']),
          },
        ] as const,
    );
    return {
      blocks: integer(blocks?.['count']),
      blockBytes: integer(blocks?.['bytes']),
      values: Object.fromEntries(values),
    };
  } finally {
    db.close();
  }
}
