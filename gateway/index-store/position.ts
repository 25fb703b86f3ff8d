import { asNumber, type Connection } from './connection.ts';

export const POSITION = "select value from meta where key = 'position'";
export const PUT_POSITION = "update meta set value = ? where key = 'position'";

/** Number of the last block that the index has applied, -1 for none. */
export async function positionOf(connection: Connection): Promise<number> {
  const [row] = await connection.all(POSITION);
  return asNumber(row?.['value'] ?? -1);
}
