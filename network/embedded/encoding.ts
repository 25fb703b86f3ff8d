/**
 * How everything that is hashed or signed becomes bytes: JSON without white space, members sorted by name (UTF-16
 * units), numbers integers, byte strings base64url without padding, members that are undefined left out; as UTF-8.
 * Two equal values have equal bytes, and each kind of record has fixed members, so no two records share bytes.
 *
 * | record | members |
 * | --- | --- |
 * | creator | mspId, certificate (PEM) |
 * | proposal | args, certificate, channel, fn, mspId, nonce, time, transient (SHA-256 of the transient map), version |
 * | block data | config (in configuration blocks), transactions |
 * | block header | config, dataHash, number, previousHash |
 */
export type Encodable =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly Encodable[]
  | { readonly [member: string]: Encodable | undefined };

function text(value: Encodable): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new RangeError('only integers can be encoded');
    return String(value);
  }
  if (value instanceof Uint8Array) return `"${toBase64url(value)}"`;
  if (isList(value)) return `[${value.map(text).join(',')}]`;
  let members = '';
  for (const name of Object.keys(value).sort()) {
    const member = value[name];
    if (member !== undefined) members += `${members && ','}${JSON.stringify(name)}:${text(member)}`;
  }
  return `{${members}}`;
}

function isList(value: Encodable): value is readonly Encodable[] {
  return Array.isArray(value);
}

/** The bytes of a value; throws a RangeError for a number that is no integer. */
export function encode(value: Encodable): Uint8Array {
  return Buffer.from(text(value), 'utf8');
}

/** The inverse of `encode`; byte strings stay base64url. Throws a SyntaxError when the bytes are no JSON. */
export function decode(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
}

export function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

export function fromBase64url(encoded: string): Uint8Array {
  return Buffer.from(encoded, 'base64url');
}
