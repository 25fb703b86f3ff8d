import { asText, type Connection, type WriteConnection } from './connection.ts';

const KEY = 'parameters';
const GET = `select value from meta where key = '${KEY}'`;
const PUT = `insert into meta (key, value) values ('${KEY}', ?) on conflict (key) do update set value = excluded.value`;

/** Signatures of the operator's search parameters of which this index has the values of every resource. */
export async function indexedParameters(connection: Connection): Promise<string[]> {
  const [row] = await connection.all(GET);
  return row === undefined
    ? []
    : asText(row['value'])
        .split('\n')
        .filter((one) => one !== '');
}

/**
 * Notes, before anything is written, which of the operator's parameters are written from now on: an empty index will have
 * all of them, another only those that it has had from its beginning, without a gap.
 */
export async function noteParameters(
  connection: WriteConnection,
  signatures: readonly string[],
): Promise<void> {
  if (signatures.length === 0 && (await indexedParameters(connection)).length === 0) return;
  const { position } = await connection.begin();
  try {
    const had = new Set(await indexedParameters(connection));
    const kept = position < 0 ? signatures : signatures.filter((one) => had.has(one));
    await connection.run(PUT, [kept.join('\n')]);
    await connection.commit(position);
  } catch (error) {
    await connection.rollback();
    throw error;
  }
}
