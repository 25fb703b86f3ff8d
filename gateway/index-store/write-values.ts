import type { Indexed, IndexedValue } from '@fhir-fabric-gateway/mappings';
import type { SqlValue, WriteConnection } from './connection.ts';
import { exactString, foldString } from './fold.ts';
import type { Interned } from './interned.ts';
import { clampTime } from './numbers.ts';
import { TERM } from './schema.ts';
import { UCUM, canonicalUnit } from './units/canonical.ts';

/**
 * Dates are found by where they begin, whatever is asked of their ends: so those that span less than a day, those that
 * span less than a month, and the few others (longer, or one of several of the resource) are kept apart as `odd` 0, 1, 2.
 */
export const SPANS = [86_400_000, 32 * 86_400_000] as const;
export const ODD = SPANS.length;

/** Parameters as they are stored for what `:identifier` of a reference, quantities in base units and the like search for. */
export const aside = (parameter: number): number => -parameter;

/** Stands for "refers to it in any way", which no search parameter does. */
export const ANY_REFERENCE = 0;

/** Tables of values, and how many columns each has. */
const COLUMNS = { token: 4, string: 5, date: 6, quantity: 7, reference: 5, composite: 12 } as const;
type ValueTable = keyof typeof COLUMNS;

const ROWS_A_STATEMENT = 20;

/** One statement for several rows: most of an insert's cost is the call. */
const insertText = (table: ValueTable, rows: number): string => {
  const row = `(${Array(COLUMNS[table]).fill('?').join(', ')})`;
  return `insert into ${table} values ${Array(rows).fill(row).join(', ')} on conflict do nothing`;
};
const insertTexts = new Map<ValueTable, string[]>();
function insertOf(table: ValueTable, rows: number): string {
  let texts = insertTexts.get(table);
  if (texts === undefined) {
    texts = Array.from({ length: ROWS_A_STATEMENT }, (_, at) => insertText(table, at + 1));
    insertTexts.set(table, texts);
  }
  return texts[rows - 1] ?? insertText(table, rows);
}

/** The tables that hold a resource's values, each with a column `rid`. */
export const VALUE_TABLES = Object.keys(COLUMNS) as ValueTable[];

type Coding = Extract<IndexedValue, { kind: 'token' }>;

/** Codes are compared without case (R4 3.1.1.4.10: matches are literal, but not case sensitive). */
export const foldCode = (code: string): string => code.toLowerCase();

/** Under `:of-type` an identifier is found by its type and value: `system|code|value`. */
export const ofTypeKey = (type: string, value: string): string => `${type}\n${foldCode(value)}`;

const OPEN_NUMBER = 1e300;
export const clampNumber = (value: number): number => Math.min(OPEN_NUMBER, Math.max(-OPEN_NUMBER, value));

/** A number is where it is, whatever its precision; a range, or what a comparator leaves open, is where it extends. */
function extent({
  value,
  low,
  high,
}: {
  value: number;
  low: number;
  high: number;
}): [low: number, high: number] {
  const precisionOnly =
    Number.isFinite(high - low) && Math.abs(low + high - 2 * value) <= Math.abs(high - low) * 1e-6;
  return precisionOnly ? [value, value] : [clampNumber(low), clampNumber(high)];
}

/** Stands for the system of dimensions, by which quantities in base units are found. */
export const DIMENSIONS = 'urn:ucum:dimension';

/** A quantity in UCUM's base units, and their dimension; undefined when its unit has no such thing. */
function canonical(value: IndexedValue): { dimension: string; low: number; high: number } | undefined {
  if (value.kind !== 'quantity' || value.system !== UCUM || value.code === undefined) return undefined;
  const unit = canonicalUnit(value.code);
  if (unit === undefined) return undefined;
  const [low, high] = extent(value);
  const open = (number: number): number => (Math.abs(number) >= OPEN_NUMBER ? number : unit.of(number));
  const base = { dimension: unit.dimension, low: open(low), high: open(high) };
  return Number.isFinite(base.low) && Number.isFinite(base.high) ? base : undefined;
}

/** One component's value in a composite row: a number of what it is, and a span. */
type Slot = readonly [term: number, low: number, high: number];
const NO_SLOT: Slot = [0, 0, 0];
const SLOTS = 3;
const MOST_COMBINATIONS = 200;

/** Whether a component's value can stand in a row. */
function hasSlot(value: IndexedValue): boolean {
  switch (value.kind) {
    case 'token':
      return value.code !== undefined || value.system !== undefined;
    case 'reference':
      return (value.type !== undefined && value.id !== undefined) || value.url !== undefined;
    default:
      return value.kind !== 'composite';
  }
}

/** Writes the values under which one version of a resource is found. */
export class ValueWriter {
  readonly #connection: WriteConnection;
  readonly #interned: Interned;
  /** Rows of the resource at hand, until they are written together. */
  readonly #rows: Record<ValueTable, (readonly SqlValue[])[]> = {
    token: [],
    string: [],
    date: [],
    quantity: [],
    reference: [],
    composite: [],
  };
  /** Date parameters of which the resource at hand has several values. */
  #several: ReadonlySet<number> = new Set();
  constructor(connection: WriteConnection, interned: Interned) {
    this.#connection = connection;
    this.#interned = interned;
  }

  async write(
    rid: number,
    patient: number,
    indexed: readonly Indexed[],
    introducer: (target: number) => number,
  ): Promise<void> {
    const dates = indexed
      .filter(({ value }) => value.kind === 'date')
      .map(({ parameter }) => parameter.number);
    this.#several = new Set(dates.filter((number, at) => dates.indexOf(number) !== at));
    for (const { parameter, value } of indexed)
      await this.#value(parameter.number, value, rid, patient, introducer);
    await this.#flush();
  }

  #insert(table: ValueTable, values: readonly SqlValue[]): void {
    this.#rows[table].push(values);
  }

  async #flush(): Promise<void> {
    for (const table of VALUE_TABLES) {
      const rows = this.#rows[table];
      for (let at = 0; at < rows.length; at += ROWS_A_STATEMENT) {
        const some = rows.slice(at, at + ROWS_A_STATEMENT);
        await this.#connection.run(insertOf(table, some.length), some.flat());
      }
      rows.length = 0;
    }
  }

  async #coding(value: { system?: string; code?: string }): Promise<number> {
    return this.#interned.term(
      TERM.coding,
      foldCode(value.code ?? ''),
      await this.#interned.system(value.system),
    );
  }

  async #token(parameter: number, value: Coding, rid: number, patient: number): Promise<void> {
    if (value.code !== undefined || value.system !== undefined) {
      this.#insert('token', [parameter, await this.#coding(value), patient, rid]);
    }
    if (value.text !== undefined) {
      const text = await this.#interned.term(TERM.text, foldString(value.text));
      this.#insert('token', [aside(parameter), text, patient, rid]);
    }
    if (value.ofType !== undefined && value.code !== undefined) {
      const typed = await this.#interned.term(TERM.ofType, ofTypeKey(value.ofType, value.code));
      this.#insert('token', [aside(parameter), typed, patient, rid]);
    }
  }

  /** Number of what a reference points at; undefined when it only names an identifier. */
  async #target(value: Extract<IndexedValue, { kind: 'reference' }>): Promise<number | undefined> {
    if (value.type !== undefined && value.id !== undefined) return this.#interned.name(value.type, value.id);
    if (value.url === undefined) return undefined;
    return this.#interned.name('', value.version === undefined ? value.url : `${value.url}|${value.version}`);
  }

  async #value(
    parameter: number,
    value: IndexedValue,
    rid: number,
    patient: number,
    introducer: (target: number) => number,
  ): Promise<void> {
    switch (value.kind) {
      case 'token':
        return this.#token(parameter, value, rid, patient);
      case 'string':
        return this.#insert('string', [
          parameter,
          foldString(value.value),
          patient,
          rid,
          exactString(value.value),
        ]);
      case 'uri': {
        const uri = await this.#interned.term(TERM.uri, value.value);
        return this.#insert('token', [parameter, uri, patient, rid]);
      }
      case 'date': {
        const low = clampTime(value.from);
        const high = clampTime(value.to);
        const odd = this.#several.has(parameter) ? ODD : SPANS.filter((span) => high - low >= span).length;
        return this.#insert('date', [parameter, patient, low, rid, high, odd]);
      }
      case 'number':
      case 'quantity': {
        const [unit, label] = value.kind === 'quantity' ? await this.#units(value) : [0, 0];
        const [low, high] = extent(value);
        this.#insert('quantity', [parameter, low, patient, rid, high, unit, label]);
        const base = canonical(value);
        if (base === undefined) return;
        const dimension = await this.#dimension(base.dimension);
        return this.#insert('quantity', [aside(parameter), base.low, patient, rid, base.high, dimension, 0]);
      }
      case 'position':
        return this.#insert('quantity', [parameter, value.latitude, patient, rid, value.longitude, 0, 0]);
      case 'reference': {
        const target = await this.#target(value);
        if (target !== undefined) {
          this.#insert('reference', [target, parameter, patient, rid, introducer(target)]);
        }
        if (value.identifier === undefined) return;
        const identifier = await this.#coding({ ...value.identifier, code: value.identifier.value ?? '' });
        return this.#insert('token', [aside(parameter), identifier, patient, rid]);
      }
      case 'composite':
        return this.#composite(parameter, value.parts, rid, patient);
    }
  }

  async #dimension(dimension: string): Promise<number> {
    return this.#interned.term(TERM.unit, dimension, await this.#interned.system(DIMENSIONS));
  }

  async #units(value: {
    system?: string;
    code?: string;
    unit?: string;
  }): Promise<[unit: number, label: number]> {
    const { system, code, unit } = value;
    return [
      code === undefined
        ? 0
        : await this.#interned.term(TERM.unit, code, await this.#interned.system(system)),
      unit === undefined ? 0 : await this.#interned.term(TERM.unitLabel, unit),
    ];
  }

  async #slot(value: IndexedValue): Promise<Slot> {
    switch (value.kind) {
      case 'token':
        return [await this.#coding(value), 0, 0];
      case 'uri':
        return [await this.#interned.term(TERM.uri, value.value), 0, 0];
      case 'string':
        return [await this.#interned.term(TERM.string, foldString(value.value)), 0, 0];
      case 'date':
        return [0, clampTime(value.from), clampTime(value.to)];
      case 'number':
        return [0, ...extent(value)];
      case 'quantity': {
        // One row: the code, or the label where there is no code.
        const [unit, label] = await this.#units(value);
        return [unit === 0 ? label : unit, ...extent(value)];
      }
      case 'reference':
        return [(await this.#target(value)) ?? 0, 0, 0];
      case 'position':
      case 'composite':
        return NO_SLOT;
    }
  }

  async #composite(
    parameter: number,
    parts: readonly (readonly IndexedValue[])[],
    rid: number,
    patient: number,
  ): Promise<void> {
    let rows: IndexedValue[][] = [[]];
    for (const part of parts.slice(0, SLOTS)) {
      const values = part.filter(hasSlot);
      rows = rows.flatMap((row) => values.map((value) => [...row, value])).slice(0, MOST_COMBINATIONS);
    }
    // Only texts of which there is a row are given numbers: others would never be removed.
    const slots = new Map<IndexedValue, Slot>();
    for (const value of new Set(rows.flat())) slots.set(value, await this.#slot(value));
    const bases = new Map<IndexedValue, Slot>();
    for (const value of slots.keys()) {
      const base = canonical(value);
      if (base) bases.set(value, [await this.#dimension(base.dimension), base.low, base.high]);
    }
    const insert = (as: number, row: readonly Slot[]): void => {
      const [[term, low, high] = NO_SLOT, second = NO_SLOT, third = NO_SLOT] = row;
      this.#insert('composite', [as, term, patient, rid, low, high, ...second, ...third]);
    };
    for (const row of rows) {
      const plain = row.map((value) => slots.get(value) ?? NO_SLOT);
      insert(parameter, plain);
      const based = row.map((value, at) => bases.get(value) ?? plain[at] ?? NO_SLOT);
      if (row.some((value) => bases.has(value))) insert(aside(parameter), based);
    }
  }
}
