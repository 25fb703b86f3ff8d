import { ledgerValue } from './packed/layouts.ts';
import { PackReader } from './packed/pack-reader.ts';
import { PackWriter, Unpackable } from './packed/pack-writer.ts';
import { jsonValue, jsonValueOf } from './value-json.ts';
import type { LedgerValue } from './values.ts';

/** The header of a value in JSON: what ledgers have of earlier versions, and what the packed format has no form for. */
const JSON_FORMAT = 1;
const PACKED = 2;
const SALT_BYTES = 16;
const START = 1 + SALT_BYTES;

/** One for all: a value is packed in one go. */
const packer = new PackWriter();

/** Packs a value into `packer`; false when it must be JSON. */
function packs(value: LedgerValue): boolean {
  packer.reset();
  try {
    ledgerValue.write(packer, value);
    return true;
  } catch (error) {
    if (error instanceof Unpackable) return false;
    throw error;
  }
}

/** How many bytes `encodeValue` makes of it. */
export function valueBytes(value: LedgerValue): number {
  return START + (packs(value) ? packer.length : jsonValue(value).length);
}

/**
 * A private value as bytes: format (1 byte), salt (16), the value. Always the same bytes of the same value and salt,
 * wherever it runs. The salt keeps the hash in the block from being guessed.
 */
export function encodeValue(value: LedgerValue, salt: Uint8Array): Uint8Array {
  if (salt.length !== SALT_BYTES) throw new RangeError('a salt has 16 bytes');
  const packed = packs(value);
  const json = packed ? new Uint8Array(0) : jsonValue(value);
  const bytes = new Uint8Array(START + (packed ? packer.length : json.length));
  bytes[0] = packed ? PACKED : JSON_FORMAT;
  bytes.set(salt, 1);
  if (packed) packer.into(bytes, START);
  else bytes.set(json, START);
  return bytes;
}

/** The value in `bytes`; throws a RangeError when they are of no known format, or cut, or say what no value says. */
export function decodeValue(bytes: Uint8Array): LedgerValue {
  if (bytes.length >= START) {
    if (bytes[0] === PACKED) return ledgerValue.read(new PackReader(bytes, START));
    if (bytes[0] === JSON_FORMAT) return jsonValueOf(bytes.subarray(START));
  }
  throw new RangeError('not a value of this ledger');
}
