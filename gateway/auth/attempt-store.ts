import { createHmac } from 'node:crypto';
import type { Statement } from '../database/port.ts';
import { bytes, number } from '../database/rows.ts';
import type { AuthDatabase } from './database.ts';

/** What is remembered under a name; what `value` counts is the throttle's business. */
export interface Remembered {
  value: number;
  /** Milliseconds since 1970, as all times here. */
  until: number;
  at: number;
  /** When it may be forgotten. */
  expires: number;
}

/** What was read, and, in `revision`, that it was this. */
type Version = Remembered & { revision: number };

/** A change of what was read: it is made if nobody else changed it meanwhile. */
export class Memories {
  readonly #read: ReadonlyMap<string, Version>;
  readonly #changed = new Map<string, Remembered>();
  constructor(read: ReadonlyMap<string, Version>) {
    this.#read = read;
  }

  get(name: string): Remembered | undefined {
    return this.#changed.get(name) ?? this.#read.get(name);
  }

  set(name: string, remembered: Remembered): void {
    this.#changed.set(name, remembered);
  }

  /** What to write, each with the revision that it replaces; undefined where there was nothing. */
  changes(): (readonly [name: string, to: Remembered, revision: number | undefined])[] {
    return [...this.#changed].map(([name, to]) => [name, to, this.#read.get(name)?.revision] as const);
  }
}

const INSERT = `INSERT INTO attempts (value, until, at, expires, id, revision) VALUES (?, ?, ?, ?, ?, 1)
  ON CONFLICT DO NOTHING`;
const UPDATE = `UPDATE attempts SET value = ?, until = ?, at = ?, expires = ?, revision = revision + 1
  WHERE id = ? AND revision = ?`;

/**
 * What login throttling remembers, in the database, so that it holds for all replicas and after a restart. Names are kept
 * as their HMAC: who reads the table learns of no address and no account.
 */
export class AttemptStore {
  readonly #db: AuthDatabase;
  readonly #key: Uint8Array;

  constructor(db: AuthDatabase, key: Uint8Array) {
    this.#db = db;
    this.#key = key;
  }

  /**
   * Reads what is remembered under `names`, lets `decide` change it, and writes the changes, all of them or none; when
   * somebody else wrote one of them meanwhile, it all happens again. Answers what `decide` answered last; undefined when
   * it never went through.
   */
  async change<T>(
    names: readonly string[],
    tries: number,
    decide: (memories: Memories) => T,
  ): Promise<T | undefined> {
    for (let tried = 0; tried < tries; tried += 1) {
      const memories = await this.#read(names);
      const decision = decide(memories);
      const statements = this.#statements(memories);
      if (statements.length === 0 || (await this.#db.together(statements))) return decision;
    }
    return undefined;
  }

  async deleteExpired(now: number): Promise<void> {
    await this.#db.run('DELETE FROM attempts WHERE expires <= ?', [now]);
  }

  #idOf(name: string): Buffer {
    return createHmac('sha256', this.#key).update(name).digest();
  }

  async #read(names: readonly string[]): Promise<Memories> {
    const ids = new Map(names.map((name) => [this.#idOf(name).toString('hex'), name]));
    const rows = await this.#db.all(
      `SELECT id, value, until, at, expires, revision FROM attempts WHERE id IN (${names.map(() => '?').join(', ')})`,
      [...ids.keys()].map((id) => Buffer.from(id, 'hex')),
    );
    const read = new Map<string, Version>();
    for (const row of rows) {
      const name = ids.get(Buffer.from(bytes(row, 'id')).toString('hex'));
      if (name === undefined) continue;
      read.set(name, {
        value: number(row, 'value'),
        until: number(row, 'until'),
        at: number(row, 'at'),
        expires: number(row, 'expires'),
        revision: number(row, 'revision'),
      });
    }
    return new Memories(read);
  }

  /** In the order of their ids, in which everybody waits for the others. */
  #statements(memories: Memories): Statement[] {
    return memories
      .changes()
      .map(([name, to, revision]) => ({ id: this.#idOf(name), to, revision }))
      .sort((a, b) => Buffer.compare(a.id, b.id))
      .map(({ id, to, revision }) => {
        const values = [to.value, to.until, to.at, to.expires, id];
        return revision === undefined
          ? { text: INSERT, values, needed: true }
          : { text: UPDATE, values: [...values, revision], needed: true };
      });
  }
}
