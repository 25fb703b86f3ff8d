import { hash } from 'node:crypto';
import type pg from 'pg';
import { reaching } from '../database/postgres.ts';
import { fold } from './condition.ts';
import type { NewRow } from './new-rows.ts';
import type { AuditAgent } from './record.ts';
import { identityKey } from './row.ts';

/** As many as a busy hour has; what falls out is looked up again. */
const KEPT = 50_000;

/** The numbers that stand in a row for what repeats. */
export interface RowNumbers {
  identity: number;
  msp: number;
  agent: number;
  patient: number | null;
  purpose: number;
  policy: number | null;
}

const AGENT_COLUMNS = [
  'msp',
  'pseudonym',
  'role',
  'person',
  'organization',
  'client',
  'display',
  'address',
] as const;

const agentColumns = ({ identity, ...agent }: AuditAgent): string[] => [
  identity.mspId,
  identity.pseudonym,
  agent.role,
  agent.person ?? '',
  agent.organization ?? '',
  agent.client,
  agent.display,
  agent.address,
];

const agentKey = (agent: AuditAgent): string => hash('sha256', JSON.stringify(agentColumns(agent)), 'hex');

const FIND_STRINGS = 'SELECT value AS key, id FROM string WHERE value = ANY($1::text[])';
const ADD_STRINGS =
  'INSERT INTO string (value) SELECT v FROM unnest($1::text[]) AS t(v) ORDER BY v ON CONFLICT DO NOTHING';
const FIND_AGENTS = `SELECT encode(digest, 'hex') AS key, id FROM agent WHERE digest = ANY($1::bytea[])`;
const ADD_AGENTS = `INSERT INTO agent (${AGENT_COLUMNS.join(', ')}, folded_display, folded_address, digest)
  SELECT * FROM unnest(${[...AGENT_COLUMNS, 'display', 'address'].map((_, at) => `$${at + 1}::text[]`).join(', ')}, $11::bytea[])
    AS t(${AGENT_COLUMNS.join(', ')}, folded_display, folded_address, digest)
  ORDER BY digest ON CONFLICT DO NOTHING`;
const ADD_CONCERNS = `INSERT INTO concern (identity, patient)
  SELECT i, p FROM unnest($1::bigint[], $2::bigint[]) AS t(i, p) ORDER BY i, p ON CONFLICT DO NOTHING`;

/**
 * Numbers for what repeats, of a log that several write. They are given out before the rows that need them, each in a
 * transaction of its own and in one order for all, so that no writer waits for another's rows.
 */
export class PostgresInterning {
  readonly #client: pg.ClientBase;
  readonly #strings = new Map<string, number>();
  readonly #agents = new Map<string, number>();
  readonly #concerns = new Set<string>();

  constructor(client: pg.ClientBase) {
    this.#client = client;
  }

  /** The numbers of each row. What a row concerns is noted. */
  async numbersOf(rows: readonly NewRow[]): Promise<RowNumbers[]> {
    this.#makeRoom();
    const strings = new Set<string>();
    const agents = new Map<string, AuditAgent>();
    for (const row of rows) {
      strings.add(identityKey(row.mspId, row.pseudonym)).add(row.mspId).add(row.purpose);
      if (row.patient !== null) strings.add(row.patient);
      if (row.policy !== null) strings.add(row.policy);
      agents.set(agentKey(row.agent), row.agent);
    }
    await this.#learn(this.#strings, [...strings], FIND_STRINGS, (missing) => missing, [
      ADD_STRINGS,
      (values) => [values],
    ]);
    await this.#learn(
      this.#agents,
      [...agents.keys()],
      FIND_AGENTS,
      (missing) => missing.map((key) => Buffer.from(key, 'hex')),
      [ADD_AGENTS, (missing) => columnsOf(missing.flatMap((key) => agents.get(key) ?? []))],
    );
    const numbers = rows.map((row) => this.#numbers(row));
    await this.#concern(numbers);
    return numbers;
  }

  #numbers(row: NewRow): RowNumbers {
    const string = (value: string): number => numberIn(this.#strings, value);
    return {
      identity: string(identityKey(row.mspId, row.pseudonym)),
      msp: string(row.mspId),
      agent: numberIn(this.#agents, agentKey(row.agent)),
      patient: row.patient === null ? null : string(row.patient),
      purpose: string(row.purpose),
      policy: row.policy === null ? null : string(row.policy),
    };
  }

  /** Finds the numbers of those that are not known yet, and gives numbers to those that have none. */
  async #learn(
    known: Map<string, number>,
    keys: readonly string[],
    find: string,
    findBy: (missing: string[]) => unknown[],
    [add, added]: readonly [text: string, values: (missing: string[]) => unknown[]],
  ): Promise<void> {
    const look = async (): Promise<string[]> => {
      const missing = keys.filter((key) => !known.has(key));
      if (missing.length === 0) return missing;
      const { rows } = await reaching(() =>
        this.#client.query<{ key: string; id: number }>(find, [findBy(missing)]),
      );
      for (const { key, id } of rows) known.set(key, id);
      return missing.filter((key) => !known.has(key));
    };
    const missing = await look();
    if (missing.length === 0) return;
    await reaching(() => this.#client.query(add, added(missing)));
    await look();
  }

  async #concern(numbers: readonly RowNumbers[]): Promise<void> {
    const fresh = new Map<string, readonly [number, number]>();
    for (const { identity, patient } of numbers) {
      const key = `${identity} ${patient ?? ''}`;
      if (patient !== null && !this.#concerns.has(key)) fresh.set(key, [identity, patient]);
    }
    if (fresh.size === 0) return;
    const pairs = [...fresh.values()];
    await reaching(() =>
      this.#client.query(ADD_CONCERNS, [
        pairs.map(([identity]) => identity),
        pairs.map(([, patient]) => patient),
      ]),
    );
    for (const key of fresh.keys()) this.#concerns.add(key);
  }

  #makeRoom(): void {
    for (const kept of [this.#strings, this.#agents, this.#concerns]) if (kept.size >= KEPT) kept.clear();
  }
}

function numberIn(known: ReadonlyMap<string, number>, key: string): number {
  const number = known.get(key);
  if (number === undefined) throw new Error('The audit log did not give a number to what it was given');
  return number;
}

/** Agents as the columns that ADD_AGENTS takes. */
function columnsOf(agents: readonly AuditAgent[]): unknown[] {
  const rows = agents.map(agentColumns);
  return [
    ...AGENT_COLUMNS.map((_, at) => rows.map((row) => row[at])),
    agents.map(({ display }) => fold(display)),
    agents.map(({ address }) => fold(address)),
    agents.map((agent) => Buffer.from(agentKey(agent), 'hex')),
  ];
}
