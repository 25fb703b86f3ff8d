import type { IndexTransaction, ParkedWrite } from '../index-store/port.ts';
import { isBefore, type Place } from './place.ts';

/** What the index must not answer others from while data is missing. */
export interface Missing {
  /** Patients of whose records something may be missing. */
  patients: readonly string[];
  /** The first block of which something is missing that may be about any record. */
  anyone?: number;
}

/**
 * Writes that could not be applied with their block, and wait until their private data has come: the rows of the index,
 * which outlive a restart, and the same in memory for the one process that projects.
 */
export class Parking {
  #rows: ParkedWrite[];
  /** Names of those rows whose data is there, and which wait for that of others. */
  readonly #waiting = new Set<string>();

  constructor(rows: readonly ParkedWrite[]) {
    this.#rows = [...rows];
  }

  /** In the ledger's order. */
  get rows(): readonly ParkedWrite[] {
    return this.#rows;
  }

  /** Runs work whose transaction may be rolled back: what is here is rolled back with it. */
  async orAsBefore(work: () => Promise<void>): Promise<void> {
    const before = [...this.#rows];
    try {
      await work();
    } catch (error) {
      this.#rows = before;
      throw error;
    }
  }

  /** Its data is missing. */
  async park(tx: IndexTransaction, write: ParkedWrite): Promise<void> {
    this.#waiting.delete(nameOf(write));
    await this.#put(tx, write);
  }

  /** Its data is there, but what it is judged by is missing. */
  async wait(tx: IndexTransaction, write: ParkedWrite): Promise<void> {
    this.#waiting.add(nameOf(write));
    await this.#put(tx, write);
  }

  async #put(tx: IndexTransaction, write: ParkedWrite): Promise<void> {
    const at = this.#rows.findIndex((row) => sameWrite(row, write));
    if (at >= 0) this.#rows[at] = write;
    else this.#rows.push(write);
    this.#rows.sort((a, b) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0));
    await tx.park(write);
  }

  /** The write was applied. */
  async applied(tx: IndexTransaction, write: Pick<ParkedWrite, 'keyHash'> & Place): Promise<void> {
    await this.#drop(tx, (row) => sameWrite(row, write));
  }

  /** The key has the value that was written there, or none any more: what was written before it counts no longer. */
  async superseded(tx: IndexTransaction, keyHash: string, place: Place): Promise<void> {
    await this.#drop(tx, (row) => row.keyHash === keyHash && !isBefore(place, row));
  }

  /** Whether something that is missing may be why what was written at this place can't be judged. */
  mayExplain(patient: string, place: Place): boolean {
    return this.#rows.some(
      (row) =>
        !isBefore(place, row) &&
        !this.#waiting.has(nameOf(row)) &&
        (!row.patients?.length || row.patients.includes(patient)),
    );
  }

  /** What is parked under a key: whom it may be about, undefined when that can't be told. Null when nothing is. */
  whomUnder(keyHash: string): readonly string[] | undefined | null {
    const rows = this.#rows.filter((row) => row.keyHash === keyHash);
    if (rows.length === 0) return null;
    if (rows.some(({ patients }) => !patients?.length)) return undefined;
    return [...new Set(rows.flatMap(({ patients = [] }) => patients))];
  }

  async #drop(tx: IndexTransaction, which: (row: ParkedWrite) => boolean): Promise<void> {
    if (this.#rows.length === 0) return;
    const gone = this.#rows.filter(which);
    if (gone.length === 0) return;
    this.#rows = this.#rows.filter((row) => !gone.includes(row));
    for (const row of gone) await tx.unpark(row);
  }
}

const nameOf = ({ block, transaction, keyHash }: ParkedWrite) => `${block}/${transaction}/${keyHash}`;

const sameWrite = (a: Pick<ParkedWrite, 'keyHash'> & Place, b: Pick<ParkedWrite, 'keyHash'> & Place) =>
  a.block === b.block && a.transaction === b.transaction && a.keyHash === b.keyHash;

/** Whose records are closed to others by what is parked. */
export function missingIn(rows: readonly ParkedWrite[]): Missing {
  const anyone = rows.find(({ patients }) => patients === undefined)?.block;
  return {
    patients: [...new Set(rows.flatMap(({ patients = [] }) => patients))],
    ...(anyone !== undefined && { anyone }),
  };
}
