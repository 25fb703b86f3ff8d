import { asText, type Connection } from './connection.ts';
import { statusNumber } from './numbers.ts';
import { OF_PATIENT } from './purge.ts';

/** Patients whose record is erased while the index still has entries or grants of it: their keys are on the ledger yet. */
export async function erasedWithKeys(connection: Connection): Promise<string[]> {
  const rows = await connection.all(
    `select n.id from record e join name n on n.num = e.patient where e.status = ? and (
       exists (select 1 ${OF_PATIENT.replace('r.patient = ?', 'r.patient = e.patient')})
       or exists (select 1 from grant_key g where g.patient = e.patient)
       or exists (select 1 from quarantine q where q.patient = n.id))`,
    [statusNumber('erased')],
  );
  return rows.map((row) => asText(row['id']));
}
