import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A record that has been filled, and some of its Observations. */
export interface FilledRecord {
  patient: string;
  observations: readonly string[];
}

/** The records that were filled in a DATA_DIR, noted in a file there: a fill goes on where it was broken off. */
export class FilledRecords {
  readonly #file: string;
  readonly #all: FilledRecord[];

  constructor(dataDir: string) {
    this.#file = join(dataDir, 'filled.jsonl');
    this.#all = existsSync(this.#file)
      ? readFileSync(this.#file, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as FilledRecord)
      : [];
  }

  get count(): number {
    return this.#all.length;
  }

  add(records: readonly FilledRecord[]): void {
    appendFileSync(this.#file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    this.#all.push(...records);
  }

  /** So many of them, or all if they are fewer, spread evenly over all. */
  spread(most: number): FilledRecord[] {
    const count = Math.min(most, this.#all.length);
    return Array.from(
      { length: count },
      (_, at) => this.#all[Math.floor((at * this.#all.length) / count)],
    ).filter((record) => record !== undefined);
  }
}
