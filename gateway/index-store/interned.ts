import { createHash } from 'node:crypto';
import { asNumber, asText, type Row, type SqlValue, type WriteConnection } from './connection.ts';
import { keyText } from './fold.ts';
import { firstOfType, lastOfType, typeNumber, typeOfNumber } from './numbers.ts';
import { TERM } from './schema.ts';
import type { Wanted } from './wanted.ts';

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

const termKey = (kind: number, value: string, system: number): string => `${kind}\n${system}\n${value}`;
const systemKind = (kind: number): number => (kind === TERM.identity ? TERM.msp : TERM.system);

/** Type and id of a `Practitioner/2`; the type is empty for any other text. */
function named(text: string): [type: string, id: string] {
  const [type = '', id, ...rest] = text.split('/');
  return id !== undefined && rest.length === 0 && typeNumber(type) > 0 ? [type, id] : ['', text];
}

/** The writer's numbers for names, terms and shapes: found, or given now. A transaction that fails must `forget`. */
export class Interned {
  readonly #connection: WriteConnection;
  readonly #names = new Recent();
  readonly #terms = new Recent();
  readonly #shapes = new Recent();
  /** The last number given to a type's names. */
  readonly #last = new Map<number, number>();
  #lastTerm: number | undefined;
  /** Keys of names and terms that were looked up together and found missing. */
  readonly #missing = new Set<string>();
  /** Names that were given a number in this transaction: of what they name nothing is stored yet. */
  readonly #given = new Set<number>();

  constructor(connection: WriteConnection) {
    this.#connection = connection;
  }

  forget(): void {
    this.#names.clear();
    this.#terms.clear();
    this.#shapes.clear();
    this.#last.clear();
    this.#lastTerm = undefined;
    this.endTransaction();
  }

  endTransaction(): void {
    this.#missing.clear();
    this.#given.clear();
  }

  /** Whether a name is so new that nothing can be stored under its number; asked once, before something is. */
  isNew(name: number): boolean {
    return this.#given.delete(name);
  }

  async #one(text: string, values: readonly SqlValue[]): Promise<number | undefined> {
    const [row] = await this.#connection.all(text, values);
    const value = row?.['num'];
    return value === undefined || value === null ? undefined : asNumber(value);
  }

  /** Number of `Type/id`; `type` is empty for what is no resource's name (a URL, an odd grantee). */
  async name(type: string, text: string): Promise<number> {
    const id = keyText(text);
    const key = `${type}/${id}`;
    const kept = this.#names.get(key);
    if (kept !== undefined) return kept;
    const typed = typeNumber(type);
    const found = this.#missing.delete(key)
      ? undefined
      : await this.#one('select num from name where type = ? and id = ?', [typed, id]);
    if (found !== undefined) return this.#names.set(key, found);
    let last = this.#last.get(typed);
    last ??= await this.#one('select max(num) as num from name where num between ? and ?', [
      firstOfType(typed),
      lastOfType(typed),
    ]);
    const num = (last ?? firstOfType(typed)) + 1;
    this.#last.set(typed, num);
    await this.#connection.run('insert into name values (?, ?, ?)', [num, typed, id]);
    this.#given.add(num);
    return this.#names.set(key, num);
  }

  /** Number of a `Practitioner/2`; of anything else that stands where a reference should. */
  reference(text: string): Promise<number> {
    return this.name(...named(text));
  }

  /** Looks up what will be asked for next, where the connection can do so at once. Answers the numbers of `names`. */
  async expect({ names, references, terms }: Wanted): Promise<number[]> {
    const all = [...names, ...references.map(named)];
    await Promise.all([
      this.#expectNames(all),
      this.#expectTerms(
        terms.filter(({ system }) => system === undefined).map((term) => ({ ...term, of: 0 })),
      ),
      this.#expectTerms(
        terms.flatMap(({ system, kind }) =>
          system === undefined ? [] : [{ kind: systemKind(kind), value: system, of: 0 }],
        ),
      ),
    ]);
    await this.#expectTerms(
      terms.flatMap(({ kind, value, system }) => {
        const of = system && this.#terms.get(termKey(systemKind(kind), keyText(system), 0));
        // What is of a system that is new is new itself.
        return typeof of === 'number' ? [{ kind, value, of }] : [];
      }),
    );
    return names.flatMap(([type, id]) => this.#names.get(`${type}/${keyText(id)}`) ?? []);
  }

  async #expectNames(names: readonly (readonly [type: string, id: string])[]): Promise<void> {
    const keys = new Map<string, [number, string]>();
    for (const [type, text] of names) {
      const id = keyText(text);
      const key = `${type}/${id}`;
      if (this.#names.get(key) === undefined) keys.set(key, [typeNumber(type), id]);
    }
    const found = await this.#lookUp('name', ['type', 'id'], keys);
    for (const row of found) {
      const key = `${typeOfNumber(asNumber(row['type']))}/${asText(row['id'])}`;
      keys.delete(key);
      this.#names.set(key, asNumber(row['num']));
    }
    for (const key of keys.keys()) this.#missing.add(key);
  }

  async #expectTerms(terms: readonly { kind: number; value: string; of: number }[]): Promise<void> {
    const keys = new Map<string, [number, string, number]>();
    for (const { kind, value: text, of } of terms) {
      const value = keyText(text);
      const key = termKey(kind, value, of);
      if (this.#terms.get(key) === undefined) keys.set(key, [kind, value, of]);
    }
    const found = await this.#lookUp('term', ['kind', 'value', 'system'], keys);
    for (const row of found) {
      const key = termKey(asNumber(row['kind']), asText(row['value']), asNumber(row['system']));
      keys.delete(key);
      this.#terms.set(key, asNumber(row['num']));
    }
    for (const key of keys.keys()) this.#missing.add(key);
  }

  async #lookUp(
    table: string,
    columns: readonly string[],
    keys: ReadonlyMap<string, readonly SqlValue[]>,
  ): Promise<Row[]> {
    if (keys.size === 0) return [];
    return (await this.#connection.lookUp?.(table, columns, [...keys.values()])) ?? [];
  }

  async term(kind: number, text: string, system = 0): Promise<number> {
    const value = keyText(text);
    const key = termKey(kind, value, system);
    const kept = this.#terms.get(key);
    if (kept !== undefined) return kept;
    const found = this.#missing.delete(key)
      ? undefined
      : await this.#one('select num from term where kind = ? and value = ? and system = ?', [
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
    const hash = createHash('sha256').update(body).digest('base64url');
    let num = await this.#one('select num from shape where hash = ?', [hash]);
    if (num === undefined) {
      num = ((await this.#one('select max(num) as num from shape', [])) ?? 0) + 1;
      await this.#connection.run('insert into shape values (?, ?, ?)', [num, hash, body]);
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
