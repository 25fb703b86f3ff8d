import pg from 'pg';
import { connectionOf, reaching, reading } from '../database/postgres.ts';
import { MAX_CHAINS, rowNumber, type ChainHead } from './chain.ts';
import { headAfter, type NewRow } from './new-rows.ts';
import { PostgresInterning } from './postgres-interning.ts';
import { GENESIS, headsOf, POSTGRES_WORDS, STORE } from './schema.ts';

/**
 * Appends to the end of the chain, and moves its head, in one statement; nothing when the head is not where it is thought
 * to be. Values after the first five are arrays, one for each column.
 */
const COLUMNS = [
  ['seq', 'bigint'],
  ['at', 'bigint'],
  ['interaction', 'bigint'],
  ['action', 'text'],
  ['outcome', 'bigint'],
  ['status', 'bigint'],
  ['identity', 'bigint'],
  ['msp', 'bigint'],
  ['agent', 'bigint'],
  ['patient', 'bigint'],
  ['entity', 'text'],
  ['version', 'bigint'],
  ['query', 'text'],
  ['request', 'text'],
  ['purpose', 'bigint'],
  ['policy', 'bigint'],
  ['salt', 'bytea'],
  ['hash', 'bytea'],
] as const;
const NAMES = COLUMNS.map(([name]) => name).join(', ');
const APPEND = {
  name: 'append',
  text: `WITH moved AS (
      UPDATE head SET rows = $1, hash = $2 WHERE chain = $3 AND rows = $4 AND hash = $5 RETURNING 1)
    INSERT INTO event (${NAMES}) SELECT ${NAMES}
    FROM unnest(${COLUMNS.map(([, type], at) => `$${at + 6}::${type}[]`).join(', ')}) AS t(${NAMES})
    WHERE EXISTS (SELECT 1 FROM moved)`,
};

const takeChain = `SELECT pg_try_advisory_lock(hashtext('${STORE} chain'), $1) AS taken`;

/**
 * A chain, taken for as long as this connection to the database lasts: whoever holds it alone appends to it, and when its
 * process ends, or the connection is cut, the database gives it to the next that asks.
 */
export class PostgresChain {
  readonly #client: pg.Client;
  readonly #interning: PostgresInterning;
  #head: ChainHead;
  #broken = false;

  private constructor(client: pg.Client, head: ChainHead) {
    this.#client = client;
    this.#head = head;
    this.#interning = new PostgresInterning(client);
    client.on('error', () => {
      this.#broken = true;
    });
    client.on('end', () => {
      this.#broken = true;
    });
  }

  /** Takes the first chain that nobody holds, or begins another. Rejects when it does not end as its head says. */
  static async take(url: string): Promise<PostgresChain> {
    const client = new pg.Client(connectionOf({ url, store: STORE, synced: 'always' }));
    const before = (): void => undefined;
    client.on('error', before);
    try {
      const head = await reaching(async () => {
        await client.connect();
        return freeChain(client);
      });
      await assertWhole(client, head);
      return new PostgresChain(client, head);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
  }

  get head(): ChainHead {
    return this.#head;
  }

  /** Whether it has to be taken anew. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Resolves once the rows, which follow the head, are on disk. */
  async append(rows: readonly NewRow[]): Promise<void> {
    const numbers = await this.#interning.numbersOf(rows);
    const after = headAfter(this.#head, rows);
    const { chain, rows: count, hash } = this.#head;
    const { rowCount } = await reaching(() =>
      this.#client.query({
        ...APPEND,
        values: [after.rows, after.hash, chain, count, hash, ...valuesOf(rows, numbers)],
      }),
    );
    if (rowCount !== rows.length) {
      // Let go of it: the next who takes it looks at it first.
      await this.release();
      throw new Error('The chain of the audit log has another writer');
    }
    this.#head = after;
  }

  /** Whether this row is in the log, whatever chain it is in. */
  async has({ seq, hash }: NewRow): Promise<boolean> {
    const text = 'SELECT 1 AS found FROM event WHERE seq = ? AND hash = ?';
    return (await reading(this.#client).get(text, [seq, hash])) !== undefined;
  }

  async release(): Promise<void> {
    this.#broken = true;
    await this.#client.end().catch(() => undefined);
  }
}

async function freeChain(client: pg.Client): Promise<ChainHead> {
  const heads = new Map((await headsOf(reading(client), POSTGRES_WORDS)).map((head) => [head.chain, head]));
  for (let chain = 1; chain < MAX_CHAINS; chain += 1) {
    const { rows } = await client.query<{ taken: boolean }>(takeChain, [chain]);
    if (rows[0]?.taken !== true) continue;
    if (!heads.has(chain))
      await client.query('INSERT INTO head VALUES ($1, 0, $2) ON CONFLICT DO NOTHING', [chain, GENESIS]);
    // Read again: before the chain was free, its writer may have gone on.
    const head = (await headsOf(reading(client), POSTGRES_WORDS)).find((one) => one.chain === chain);
    if (head) return head;
  }
  throw new Error('The audit log has no chain left');
}

async function assertWhole(client: pg.Client, { chain, rows, hash }: ChainHead): Promise<void> {
  const last = await reading(client).get(
    'SELECT seq, hash FROM event WHERE seq BETWEEN ? AND ? ORDER BY seq DESC LIMIT 1',
    [rowNumber(chain, 1), rowNumber(chain + 1, 0)],
  );
  const lastHash = last?.['hash'];
  const whole =
    (last?.['seq'] ?? rowNumber(chain, 0)) === rowNumber(chain, rows) &&
    (!(lastHash instanceof Uint8Array) || Buffer.compare(lastHash, hash) === 0);
  if (!whole) throw new Error('The audit log does not end with the row that its head names');
}

function valuesOf(
  rows: readonly NewRow[],
  numbers: Awaited<ReturnType<PostgresInterning['numbersOf']>>,
): unknown[][] {
  return [
    rows.map(({ seq }) => seq),
    rows.map(({ at }) => at),
    rows.map(({ interaction }) => interaction),
    rows.map(({ action }) => action),
    rows.map(({ outcome }) => outcome),
    rows.map(({ status }) => status),
    numbers.map(({ identity }) => identity),
    numbers.map(({ msp }) => msp),
    numbers.map(({ agent }) => agent),
    numbers.map(({ patient }) => patient),
    rows.map(({ entity }) => entity),
    rows.map(({ version }) => version),
    rows.map(({ query }) => query),
    rows.map(({ requestId }) => requestId),
    numbers.map(({ purpose }) => purpose),
    numbers.map(({ policy }) => policy),
    rows.map(({ salt }) => salt),
    rows.map(({ hash }) => hash),
  ];
}
