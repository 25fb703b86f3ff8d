import { asNumber, asText, type Connection, type WriteConnection } from './connection.ts';
import type { ParkedWrite } from './port.ts';

/** Writes that could not be applied with their block; `patients` is a JSON array, null when it may be anyone. */
export const parkedTable = (text: string): string => `
create table parked (
  block bigint not null, transaction_no integer not null, hash ${text} not null, tx_id ${text} not null, patients ${text},
  primary key (block, transaction_no, hash));
`;

const PARK = `insert into parked (block, transaction_no, hash, tx_id, patients) values (?, ?, ?, ?, ?)
  on conflict (block, transaction_no, hash) do update set patients = excluded.patients`;

export async function park(connection: WriteConnection, write: ParkedWrite): Promise<void> {
  const { block, transaction, keyHash, txId, patients } = write;
  const of = patients === undefined ? null : JSON.stringify(patients);
  await connection.run(PARK, [block, transaction, keyHash, txId, of]);
}

export async function unpark(connection: WriteConnection, write: ParkedWrite): Promise<void> {
  const { block, transaction, keyHash } = write;
  await connection.run('delete from parked where block = ? and transaction_no = ? and hash = ?', [
    block,
    transaction,
    keyHash,
  ]);
}

/** All of them, in the ledger's order. */
export async function parkedIn(connection: Connection): Promise<ParkedWrite[]> {
  const rows = await connection.all(
    'select block, transaction_no, hash, tx_id, patients from parked order by block, transaction_no, hash',
  );
  return rows.map((row) => {
    const { patients } = row;
    return {
      block: asNumber(row['block']),
      transaction: asNumber(row['transaction_no']),
      keyHash: asText(row['hash']),
      txId: asText(row['tx_id']),
      ...(typeof patients === 'string' && { patients: JSON.parse(patients) as string[] }),
    };
  });
}
