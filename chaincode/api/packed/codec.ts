import { Unpackable, type PackWriter } from './pack-writer.ts';
import type { PackReader } from './pack-reader.ts';
import { readText, writeText } from './text.ts';

/** How something is written and read: `write` throws Unpackable for what has no form, `read` a RangeError. */
export interface Codec<T> {
  write(out: PackWriter, value: T): void;
  read(from: PackReader): T;
}

/** A field that may be absent. */
export interface Optional<T> {
  optional: Codec<T>;
}

/** Fields in the order in which they are written. */
export type Fields<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K>
    ? Optional<Exclude<T[K], undefined>>
    : Codec<T[K]>;
};

export const text: Codec<string> = { write: writeText, read: readText };

/** A whole number, not negative. */
export const integer: Codec<number> = {
  write: (out, value) => out.integer(value),
  read: (from) => from.integer(),
};

/** A text of a closed list. */
export const oneOf = <T extends string>(values: readonly T[]): Codec<T> => ({
  write(out, value) {
    if (!values.includes(value)) throw new Unpackable();
    writeText(out, value);
  },
  read(from) {
    const read = readText(from);
    const value = values.find((each) => each === read);
    if (value === undefined) throw new RangeError('a word that does not belong here');
    return value;
  },
});

/** What is always the same: it takes no byte. */
export const always = <const T>(constant: T): Codec<T> => ({
  write(_, value) {
    if (value !== constant) throw new Unpackable();
  },
  read: () => constant,
});

export const boolean: Codec<boolean> = {
  write: (out, value) => out.byte(value ? 1 : 0),
  read(from) {
    const byte = from.byte();
    if (byte > 1) throw new RangeError('neither true nor false');
    return byte === 1;
  },
};

/** So many, and one after the other; each takes a byte at least. */
export const list = <T>(member: Codec<T>): Codec<readonly T[]> => ({
  write(out, values) {
    out.integer(values.length);
    for (const value of values) member.write(out, value);
  },
  read(from) {
    const values: T[] = [];
    for (let rest = from.count(); rest > 0; rest -= 1) values.push(member.read(from));
    return values;
  },
});

/** The members of an object by name, in its order. */
export const mapOf = <T>(member: Codec<T>): Codec<Readonly<Record<string, T>>> => ({
  write(out, map) {
    const entries = Object.entries(map);
    out.integer(entries.length);
    for (const [name, value] of entries) {
      writeText(out, name);
      member.write(out, value);
    }
  },
  read(from) {
    const entries: [string, T][] = [];
    for (let rest = from.count(); rest > 0; rest -= 1) entries.push([readText(from), member.read(from)]);
    return Object.fromEntries(entries);
  },
});

/** What is one level deeper, as a thing inside another of its kind. */
export const nested = <T>(inner: () => Codec<T>): Codec<T> => ({
  write: (out, value) => out.nested(() => inner().write(out, value)),
  read: (from) => from.nested(() => inner().read(from)),
});

/** The rest of the value: bytes that are not copied. Nothing comes after it. */
export const tail: Codec<Uint8Array> = {
  write(out, value) {
    out.integer(value.length);
    out.tail = value;
  },
  read(from) {
    const length = from.integer();
    if (length !== from.left) throw new RangeError('a value that ends too early or too late');
    return from.take(length);
  },
};

export const optional = <T>(codec: Codec<T>): Optional<T> => ({ optional: codec });

/**
 * An object: a number whose bits say which of the optional fields are there, the first the lowest; then the fields. More
 * optional fields may come at the end, since one who doesn't know them refuses the value; any other change of the fields
 * takes another kind or format.
 */
export function struct<T extends object>(fields: Fields<T>): Codec<T> {
  type Step = { name: keyof T & string; codec: Codec<unknown>; bit: number };
  let bit = 1;
  const steps = Object.entries(fields).map(([name, field]): Step => {
    const { optional: codec } = field as Partial<Optional<unknown>>;
    if (!codec) return { name: name as Step['name'], codec: field as Codec<unknown>, bit: 0 };
    bit *= 2;
    return { name: name as Step['name'], codec, bit: bit / 2 };
  });
  const known = bit - 1;
  return {
    write(out, value) {
      let present = 0;
      for (const step of steps) if (step.bit > 0 && value[step.name] !== undefined) present += step.bit;
      if (known > 0) out.integer(present);
      for (const { name, codec, bit: own } of steps) {
        if (own === 0 || (present & own) !== 0) codec.write(out, value[name]);
      }
    },
    read(from) {
      const present = known > 0 ? from.integer() : 0;
      if (present > known) throw new RangeError('a field that is not known');
      const value: Partial<Record<keyof T, unknown>> = {};
      for (const { name, codec, bit: own } of steps) {
        if (own === 0 || (present & own) !== 0) value[name] = codec.read(from);
      }
      return value as T;
    },
  };
}
