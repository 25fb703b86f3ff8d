import type { AuditEvent } from '@medplum/fhirtypes';
import type { Reading } from '../database/port.ts';
import { badRequest } from '../fhir/errors.ts';
import type { SearchResult } from '../index-store/port.ts';
import { toAuditEvent, type AuditSource } from './audit-event.ts';
import { is, type Condition } from './condition.ts';
import { eventId, seqOf } from './event-id.ts';
import { ROW_COLUMNS, ROW_JOINS, type AuditRow } from './row.ts';
import { openForReading } from './open-for-reading.ts';
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
  close(): Promise<void>;
}

/** Patients whom an identity's rows concern. */
const PATIENTS_OF = `SELECT p.value FROM string i JOIN concern c ON c.identity = i.id JOIN string p ON p.id = c.patient
  WHERE i.value = ?`;

interface Statement {
  sql: string;
  parameters: readonly (string | number)[];
}

function statement(
  select: string,
  indexedBy: string,
  arm: Arm,
  conditions: readonly Condition[],
  tail = '',
): Statement {
  const where = [arm.where, ...conditions.map(({ sql }) => sql)].join(' AND ');
  return {
    sql: `SELECT ${select} FROM event e ${indexedBy} ${ROW_JOINS} WHERE ${where} ${tail}`,
    parameters: [...arm.parameters, ...conditions.flatMap(({ parameters }) => parameters)],
  };
}

const rowsOf = async (db: Reading, { sql, parameters }: Statement): Promise<AuditRow[]> =>
  (await db.all(sql, parameters)) as unknown as AuditRow[];

export interface AuditReaderOptions {
  /** As for `openAuditLog`, which has made it. */
  url: string;
  source: AuditSource;
  /** Milliseconds since 1970. */
  clock: () => number;
}

/** Opens the log that `openAuditLog` made. With one that replicas share, it reads what all of them wrote. */
export async function openAuditReader({ url, source, clock }: AuditReaderOptions): Promise<AuditReader> {
  const { db, words, secret, close } = await openForReading(url);
  const patientsOf = async (identity: string): Promise<string[]> =>
    (await db.all(PATIENTS_OF, [identity])).map((row) => String(row['value']));

  const render = (row: AuditRow, viewer: AuditViewer): AuditEvent => {
    const query = row.query === null ? null : queryFor(viewer, row.query, row);
    return toAuditEvent(eventId(secret, row.seq), { ...row, query }, source);
  };

  /** Rows that come after the one that ended the page before. */
  const following = async (after: string, descending: boolean): Promise<Condition> => {
    const seq = seqOf(secret, after);
    const at =
      seq === undefined ? undefined : (await db.get('SELECT at FROM event WHERE seq = ?', [seq]))?.['at'];
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
      const patient = (await db.get(about, [seq]))?.['patient'];
      const named = typeof patient === 'string' ? [patient] : undefined;
      for (const arm of await armsOf(words, viewer, named, async () => [])) {
        const [row] = await rowsOf(db, statement(ROW_COLUMNS, '', arm, [is('e.seq = ?', seq)]));
        if (row !== undefined) return render(row, viewer);
      }
      return undefined;
    },

    async search(search, viewer) {
      const compiled = compileSearch(search, { source, secret, words, now: clock() });
      const { conditions, descending, used, ignored } = compiled;
      const paged =
        search.after === undefined ? conditions : [...conditions, await following(search.after, descending)];
      const arms = await armsOf(words, viewer, compiled.patients, patientsOf);

      const direction = descending ? 'DESC' : 'ASC';
      const tail = `ORDER BY e.at ${direction}, e.seq ${direction} LIMIT ${search.count + 1}`;
      const rows: AuditRow[] = [];
      if (search.count > 0)
        for (const arm of arms)
          rows.push(
            ...(await rowsOf(db, statement(ROW_COLUMNS, words.indexedBy(arm.index), arm, paged, tail))),
          );
      rows.sort((a, b) => (descending ? b.at - a.at || b.seq - a.seq : a.at - b.at || a.seq - b.seq));
      const page = rows.slice(0, search.count);
      const last = rows.length > page.length ? page.at(-1) : undefined;

      const count = async (arm: Arm): Promise<number> => {
        const { sql, parameters } = statement(
          'count(*) AS total',
          words.indexedBy(arm.index),
          arm,
          conditions,
        );
        return Number((await db.get(sql, parameters))?.['total']);
      };
      let total = 0;
      if (search.total !== 'none') for (const arm of arms) total += await count(arm);
      return {
        matches: page.map((row) => render(row, viewer)),
        ...(search.total !== 'none' && { total }),
        ...(last !== undefined && { after: eventId(secret, last.seq) }),
        used,
        ignored,
      };
    },

    close,
  };
}
