import { parameterOf } from '@fhir-fabric-gateway/mappings';
import { nameNumber, termNumber } from '../consent/concerns.ts';
import { asNumber, asText, type Connection } from './connection.ts';
import { STATE, statusOfNumber, typeOfNumber, typeOfRid } from './numbers.ts';
import type { RecordRow } from './port.ts';
import { OF_PATIENT } from './purge.ts';
import { TERM } from './schema.ts';
import { EVERYONE } from './write-rules.ts';
import { foldCode } from './write-values.ts';

/** A patient's record, whatever its status. */
export async function recordOf(connection: Connection, patient: string): Promise<RecordRow | undefined> {
  const number = await nameNumber(connection, `Patient/${patient}`);
  const [row] = await connection.all(
    'select t.value as home, r.owner, r.status from record r join term t on t.num = r.home where r.patient = ?',
    [number],
  );
  if (row === undefined) return undefined;
  const owner = row['owner'];
  return {
    patient,
    home: asText(row['home']),
    ...(typeof owner === 'string' && { owner }),
    status: statusOfNumber(asNumber(row['status'])),
  };
}

/** What the ledger keeps of a record, tombstones and what was set aside included; `versions`: the highest version. */
export async function recordKeysOf(
  connection: Connection,
  patient: string,
): Promise<{ entries: { type: string; id: string; versions: number }[]; grantees: string[] }> {
  const number = await nameNumber(connection, `Patient/${patient}`);
  const entries = await connection.all(
    `select n.id, r.rid, r.version ${OF_PATIENT.replace('from resource r', 'from resource r join name n on n.num = r.rid')}`,
    [number],
  );
  const aside = await connection.all(
    'select type, id, max(version) as version from quarantine where patient = ? group by type, id',
    [patient],
  );
  const grantees = await connection.all(
    'select g.grantee, n.type, n.id from grant_key g left join name n on n.num = g.grantee where g.patient = ?',
    [number],
  );
  return {
    entries: merged([
      ...entries.map((row) => ({
        type: typeOfNumber(typeOfRid(asNumber(row['rid']))),
        id: asText(row['id']),
        versions: asNumber(row['version']),
      })),
      ...aside.map((row) => ({
        type: asText(row['type']),
        id: asText(row['id']),
        versions: asNumber(row['version']),
      })),
    ]),
    grantees: grantees.map((row) => {
      if (asNumber(row['grantee']) === EVERYONE.number) return EVERYONE.name;
      const type = typeOfNumber(asNumber(row['type']));
      return type === '' ? asText(row['id']) : `${type}/${asText(row['id'])}`;
    }),
  };
}

/** An entry that is served in one version and set aside in another is one, with the higher. */
function merged(
  entries: readonly { type: string; id: string; versions: number }[],
): (typeof entries)[number][] {
  const byName = new Map<string, (typeof entries)[number]>();
  for (const entry of entries) {
    const name = `${entry.type}/${entry.id}`;
    const known = byName.get(name);
    if (!known || known.versions < entry.versions) byName.set(name, entry);
  }
  return [...byName.values()];
}

/** Ids of the Patients (of open records) that carry an identifier, whoever asks. */
export async function patientsWithIdentifier(
  connection: Connection,
  system: string,
  value: string,
): Promise<string[]> {
  const parameter = parameterOf('Patient', 'identifier')?.number ?? 0;
  const coding = await termNumber(
    connection,
    TERM.coding,
    foldCode(value),
    await termNumber(connection, TERM.system, system),
  );
  const rows = await connection.all(
    `select n.id from token v join resource r on r.rid = v.rid join name n on n.num = r.rid
     where v.parameter = ? and v.term = ? and r.state = ${STATE.live} order by r.rid limit 10`,
    [parameter, coding],
  );
  return rows.map((row) => asText(row['id']));
}
