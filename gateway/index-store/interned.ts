import { asNumber, type Connection, type SqlValue } from './connection.ts';
import { firstOfType, lastOfType, typeNumber, typeOfNumber } from './numbers.ts';
import { TERM } from './schema.ts';

const KEPT = 50_000;

/** Answers from memory what was looked up lately. */
class Recent {
  readonly #kept = new Map<string, number>();
  get(key: string): number | undefined {
    return this.#kept.get(key);
  }
  set(key: string, value: number): number {
    if (this.#kept.size >= KEPT) {
      const oldest = this.#kept.keys().next();
      if (!oldest.done) this.#kept.delete(oldest.value);
    }
    this.#kept.set(key, value);
    return value;
  }
  delete(key: string): void {
    this.#kept.delete(key);
  }
  clear(): void {
    this.#kept.clear();
  }
}

/** The writer's numbers for names, terms and shapes: found, or given now. A transaction that fails must `forget`. */
export class Interned {
  readonly #connection: Connection;
  readonly #names = new Recent();
  readonly #terms = new Recent();
  readonly #shapes = new Recent();
  /** The last number given to a type's names. */
  readonly #last = new Map<number, number>();
  #lastTerm: number | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  forget(): void {
    this.#names.clear();
    this.#terms.clear();
    this.#shapes.clear();
    this.#last.clear();
    this.#lastTerm = undefined;
  }

  async #one(text: string, values: readonly SqlValue[]): Promise<number | undefined> {
    const [row] = await this.#connection.all(text, values);
    const value = row?.['num'];
    return value === undefined || value === null ? undefined : asNumber(value);
  }

  /** Number of `Type/id`; `type` is empty for what is no resource's name (a URL, an odd grantee). */
  async name(type: string, id: string): Promise<number> {
    const key = `${type}/${id}`;
    const kept = this.#names.get(key);
    if (kept !== undefined) return kept;
    const typed = typeNumber(type);
    const found = await this.#one('select num from name where type = ? and id = ?', [typed, id]);
    if (found !== undefined) return this.#names.set(key, found);
    let last = this.#last.get(typed);
    last ??= await this.#one('select max(num) as num from name where num between ? and ?', [
      firstOfType(typed),
      lastOfType(typed),
    ]);
    const num = (last ?? firstOfType(typed)) + 1;
    this.#last.set(typed, num);
    await this.#connection.run('insert into name values (?, ?, ?)', [num, typed, id]);
    return this.#names.set(key, num);
  }

  /** Number of a `Practitioner/2`; of anything else that stands where a reference should. */
  reference(text: string): Promise<number> {
    const [type = '', id, ...rest] = text.split('/');
    return id !== undefined && rest.length === 0 && typeNumber(type) > 0
      ? this.name(type, id)
      : this.name('', text);
  }

  async term(kind: number, value: string, system = 0): Promise<number> {
    const key = `${kind}\n${system}\n${value}`;
    const kept = this.#terms.get(key);
    if (kept !== undefined) return kept;
    const found = await this.#one('select num from term where kind = ? and value = ? and system = ?', [
      kind,
      value,
      system,
    ]);
    if (found !== undefined) return this.#terms.set(key, found);
    this.#lastTerm = (this.#lastTerm ?? (await this.#one('select max(num) as num from term', [])) ?? 0) + 1;
    await this.#connection.run('insert into term values (?, ?, ?, ?)', [this.#lastTerm, kind, system, value]);
    return this.#terms.set(key, this.#lastTerm);
  }

  async system(uri: string | undefined): Promise<number> {
    return uri === undefined || uri === '' ? 0 : this.term(TERM.system, uri);
  }

  organisation(mspId: string): Promise<number> {
    return this.term(TERM.msp, mspId);
  }

  async shape(body: string): Promise<number> {
    const kept = this.#shapes.get(body);
    if (kept !== undefined) return kept;
    let num = await this.#one('select num from shape where body = ?', [body]);
    if (num === undefined) {
      num = ((await this.#one('select max(num) as num from shape', [])) ?? 0) + 1;
      await this.#connection.run('insert into shape values (?, ?)', [num, body]);
    }
    return this.#shapes.set(body, num);
  }

  /** Forgets a name or terms that are about to be removed. */
  dropNameOf(type: number, id: string): void {
    this.#names.delete(`${typeOfNumber(type)}/${id}`);
  }
  dropTerms(): void {
    this.#terms.clear();
  }
}
