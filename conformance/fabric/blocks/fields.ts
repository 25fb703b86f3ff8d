import { WireReader } from './wire.ts';

/** A message of Protocol Buffers: its fields by number; those that hold messages say of what kind. */
export type MessageKind = Readonly<Record<number, FieldKind>>;
export interface FieldKind {
  name: string;
  holds?: MessageKind;
}

/** A field that holds no message that is known. */
export interface Field {
  /** The names of the fields that it is in, from the outside, and its own; a number where a field has no known name. */
  path: string;
  value: Buffer | number;
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** Every field of a message, down to where no message is known: all of its bytes. Throws a RangeError when it is none. */
export function fieldsOf(bytes: Buffer, kind: MessageKind, within = ''): Field[] {
  const reader = new WireReader(bytes);
  const found: Field[] = [];
  while (!reader.done) {
    const tag = reader.number();
    const { name, holds } = kind[Math.floor(tag / 8)] ?? { name: String(Math.floor(tag / 8)) };
    const path = within === '' ? name : `${within}.${name}`;
    const value = valueOf(reader, tag % 8);
    if (holds && typeof value !== 'number') found.push(...fieldsOf(value, holds, path));
    else found.push({ path, value });
  }
  return found;
}

function valueOf(reader: WireReader, type: number): Buffer | number {
  if (type === VARINT) return reader.number();
  if (type === BYTES) return reader.bytes();
  if (type === FIXED64) return reader.take(8);
  if (type === FIXED32) return reader.take(4);
  throw new RangeError(`no field is of wire type ${type}`);
}
