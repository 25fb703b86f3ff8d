import type { AuditEvent } from '@medplum/fhirtypes';
import type { DatabaseSync } from 'node:sqlite';
import { badRequest } from '../fhir/errors.ts';
import type { SearchResult } from '../index-store/port.ts';
import { toAuditEvent, type AuditSource } from './audit-event.ts';
import { fold, is, type Condition } from './condition.ts';
import { eventId, seqOf } from './event-id.ts';
import { ROW_COLUMNS, ROW_JOINS, type AuditRow } from './row.ts';
import { openForReading, readHead } from './schema.ts';
import { compileSearch, type AuditSearch } from './search.ts';
import { queryFor } from './shown-query.ts';
import { armsOf, type Arm, type AuditViewer } from './viewer.ts';

export interface AuditSearchResult extends Omit<SearchResult, 'matches' | 'included'> {
  matches: readonly AuditEvent[];
}

/** Reads a log while another thread writes it. Nothing is found that the viewer may not see; see AuditViewer. */
export interface AuditReader {
  /** The AuditEvent, or undefined when there is none for this viewer. */
  get(id: string, viewer: AuditViewer): Promise<AuditEvent | undefined>;
  /** A page, newest first unless sorted otherwise. Rejects with a FhirError 400 that names what can't be searched. */
  search(search: AuditSearch, viewer: AuditViewer): Promise<AuditSearchResult>;
  close(): void;
}

/** Patients whom an identity's rows concern. */
const PATIENTS_OF = `SELECT p.value FROM string i JOIN concern c ON c.identity = i.id JOIN string p ON p.id = c.patient
  WHERE i.value = ?`;

function statement(
  select: string,
  index: string | undefined,
  arm: Arm,
  conditions: readonly Condition[],
  tail = '',
) {
  const where = [arm.where, ...conditions.map(({ sql }) => sql)].join(' AND ');
  const indexed = index === undefined ? '' : `INDEXED BY ${index}`;
  return {
    sql: `SELECT ${select} FROM event e ${indexed} ${ROW_JOINS} WHERE ${where} ${tail}`,
    parameters: [...arm.parameters, ...conditions.flatMap(({ parameters }) => parameters)],
  };
}

const rowsOf = (db: DatabaseSync, { sql, parameters }: ReturnType<typeof statement>): AuditRow[] =>
  db.prepare(sql).all(...parameters) as unknown as AuditRow[];

/** Opens the log that `openAuditLog` made. `clock` in milliseconds since 1970. */
export function openAuditReader(options: {
  file: string;
  source: AuditSource;
  clock: () => number;
}): AuditReader {
  const { file, source, clock } = options;
  const db = openForReading(file);
  db.function('fold', { deterministic: true }, (value) => fold(String(value)));
  const { secret } = readHead(db);
  const patientsOf = (identity: string): string[] =>
    db
      .prepare(PATIENTS_OF)
      .all(identity)
      .map((row) => String(row['value']));

  const render = (row: AuditRow, viewer: AuditViewer): AuditEvent => {
    const query = row.query === null ? null : queryFor(viewer, row.query, row);
    return toAuditEvent(eventId(secret, row.seq), { ...row, query }, source);
  };

  /** Rows that come after the one that ended the page before. */
  const following = (after: string, descending: boolean): Condition => {
    const seq = seqOf(secret, after);
    const at =
      seq === undefined ? undefined : db.prepare('SELECT at FROM event WHERE seq = ?').get(seq)?.['at'];
    if (seq === undefined || typeof at !== 'number')
      throw badRequest('The link to this page of AuditEvents is not valid');
    return descending
      ? is('e.at <= ? AND (e.at < ? OR e.seq < ?)', at, at, seq)
      : is('e.at >= ? AND (e.at > ? OR e.seq > ?)', at, at, seq);
  };

  return {
    async get(id, viewer) {
      const seq = seqOf(secret, id);
      if (seq === undefined) return undefined;
      const about =
        'SELECT p.value AS patient FROM event e LEFT JOIN string p ON p.id = e.patient WHERE e.seq = ?';
      const patient = db.prepare(about).get(seq)?.['patient'];
      const arms = await armsOf(viewer, typeof patient === 'string' ? [patient] : undefined, () => []);
      for (const arm of arms) {
        const [row] = rowsOf(db, statement(ROW_COLUMNS, undefined, arm, [is('e.seq = ?', seq)]));
        if (row !== undefined) return render(row, viewer);
      }
      return undefined;
    },

    async search(search, viewer) {
      const compiled = compileSearch(search, { source, secret, now: clock() });
      const { conditions, descending, used, ignored } = compiled;
      const paged =
        search.after === undefined ? conditions : [...conditions, following(search.after, descending)];
      const arms = await armsOf(viewer, compiled.patients, patientsOf);

      const direction = descending ? 'DESC' : 'ASC';
      const tail = `ORDER BY e.at ${direction}, e.seq ${direction} LIMIT ${search.count + 1}`;
      const rows =
        search.count === 0
          ? []
          : arms
              .flatMap((arm) => rowsOf(db, statement(ROW_COLUMNS, arm.index, arm, paged, tail)))
              .sort((a, b) => (descending ? b.at - a.at || b.seq - a.seq : a.at - b.at || a.seq - b.seq));
      const page = rows.slice(0, search.count);
      const last = rows.length > page.length ? page.at(-1) : undefined;

      const count = (arm: Arm): number => {
        const { sql, parameters } = statement('count(*) AS total', arm.index, arm, conditions);
        return Number(db.prepare(sql).get(...parameters)?.['total']);
      };
      return {
        matches: page.map((row) => render(row, viewer)),
        ...(search.total !== 'none' && { total: arms.reduce((sum, arm) => sum + count(arm), 0) }),
        ...(last !== undefined && { after: eventId(secret, last.seq) }),
        used,
        ignored,
      };
    },

    close() {
      db.close();
    },
  };
}
