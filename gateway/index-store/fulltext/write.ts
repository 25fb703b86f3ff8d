import { asNumber, type WriteConnection } from '../connection.ts';
import { STATE } from '../numbers.ts';
import { documentOf } from './document.ts';
import type { Statement } from './port.ts';

const LIVE = `select r.rid, r.patient, c.body from resource r join content c on c.rid = r.rid
  where r.state = ${STATE.live} and r.`;

/**
 * Documents of live resources, put and taken out within one transaction. What a transaction changes is written at its end,
 * in the order of numbers: each step back would cost SQLite a segment of its index.
 */
export class FulltextWriter {
  readonly #connection: WriteConnection;
  readonly #removed = new Map<number, Statement>();
  readonly #added = new Map<number, Statement>();

  constructor(connection: WriteConnection) {
    this.#connection = connection;
  }

  /** The document of a resource that has none now. Content is what is stored as its body. */
  add(rid: number, patient: number, content: Uint8Array): void {
    this.#added.set(rid, this.#connection.words.fulltext.insert(rid, patient, documentOf(content)));
  }

  /** To be called as long as the resources are stored as they were when their documents were put. */
  async remove(rids: readonly number[]): Promise<void> {
    const stored = rids.filter((rid) => !this.#added.delete(rid));
    if (stored.length === 0) return;
    const { words } = this.#connection;
    const { remove } = words.fulltext;
    const { text, value } = words.among('rid', stored);
    if (remove === undefined)
      return void (await this.#connection.run(`delete from fulltext where ${text}`, [value]));
    for (const { rid, patient, body } of await this.#connection.all(LIVE + text, [value])) {
      if (body instanceof Uint8Array)
        this.#removed.set(asNumber(rid), remove(asNumber(rid), asNumber(patient), documentOf(body)));
    }
  }

  /** Writes what changed. */
  async write(): Promise<void> {
    for (const statements of [this.#removed, this.#added]) {
      for (const [, { text, values }] of [...statements].sort(([a], [b]) => a - b))
        await this.#connection.run(text, values);
      statements.clear();
    }
  }
}
