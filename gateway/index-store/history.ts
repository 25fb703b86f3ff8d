import { asNumber, type Connection } from './connection.ts';
import { STATE, typeNumber } from './numbers.ts';
import type { HistoryRequest, StoredResource } from './port.ts';
import { RESOURCE_COLUMNS, RESOURCE_JOINS, resourceOf, versionOf } from './rows.ts';
import { badRequest } from '../fhir/errors.ts';

const NOT_ASIDE = `r.state <> ${STATE.aside}`;
const CURRENT = `select ${RESOURCE_COLUMNS} from resource r ${RESOURCE_JOINS}
  where n.type = ? and n.id = ? and ${NOT_ASIDE}`;
const VERSION = 'select rid, description, body from version where rid = ? and version = ?';

/** The current version of a resource, tombstones included; undefined also for what is set aside. */
export async function currentVersion(
  connection: Connection,
  type: string,
  id: string,
): Promise<StoredResource | undefined> {
  const [row] = await connection.all(CURRENT, [typeNumber(type), id]);
  return row && resourceOf(row);
}

export async function oneVersion(
  connection: Connection,
  type: string,
  id: string,
  version: number,
): Promise<StoredResource | undefined> {
  const current = await currentVersion(connection, type, id);
  if (current === undefined || current.version === version) return current;
  const [row] = await connection.all(VERSION, [current.rid, version]);
  return row && versionOf(row);
}

/** The newest superseded version that has content: what a tombstone stands on. */
export async function lastContent(connection: Connection, rid: number): Promise<StoredResource | undefined> {
  const [row] = await connection.all(
    'select rid, description, body from version where rid = ? and deleted = 0 order by version desc limit 1',
    [rid],
  );
  return row && versionOf(row);
}

/** Where a page of a history ended: the version that it showed last. */
function versionBefore(after: string | undefined): number {
  if (after === undefined) return Number.MAX_SAFE_INTEGER;
  if (!/^[0-9]{1,10}$/.test(after)) throw badRequest('The page link is not one that this server made.');
  return Number(after);
}

/** One page of a resource's versions, newest first. `at`: the version that was current then. */
export async function historyOf(
  connection: Connection,
  { type, id, count, after, since, at }: HistoryRequest,
): Promise<{ versions: StoredResource[]; total: number; after?: string }> {
  const current = await currentVersion(connection, type, id);
  if (current === undefined) return { versions: [], total: 0 };
  const until = at ?? Number.MAX_SAFE_INTEGER;
  const from = since ?? -Number.MAX_SAFE_INTEGER;
  const inTime = ({ lastUpdated }: StoredResource) => lastUpdated >= from && lastUpdated <= until;
  const [counted] = await connection.all(
    'select count(*) as total from version where rid = ? and last_updated between ? and ?',
    [current.rid, from, until],
  );
  const total = asNumber(counted?.['total']) + (inTime(current) ? 1 : 0);
  const before = versionBefore(after);
  const rows = await connection.all(
    `select rid, description, body from version where rid = ? and version < ? and last_updated between ? and ?
     order by version desc limit ?`,
    [current.rid, before, from, until, count + 1],
  );
  const versions = [
    ...(inTime(current) && current.version < before ? [current] : []),
    ...rows.map(versionOf),
  ];
  if (at !== undefined) return { versions: versions.slice(0, Math.min(1, count)), total: Math.min(1, total) };
  const page = versions.slice(0, count);
  const last = page.at(-1);
  return { versions: page, total, ...(versions.length > count && last && { after: String(last.version) }) };
}
