import type { LedgerValue } from './values.ts';

/** Bytes that say how long the header is. */
const LENGTH_BYTES = 4;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A value as length of the header (4 bytes, big endian), header (JSON), data of its content. */
export function jsonValue(value: LedgerValue): Uint8Array {
  const content = value.kind === 'entry' ? value.content : undefined;
  const header = encoder.encode(
    JSON.stringify(content ? { ...value, content: { enc: content.enc, kid: content.kid } } : value),
  );
  const bytes = new Uint8Array(LENGTH_BYTES + header.length + (content?.data.length ?? 0));
  new DataView(bytes.buffer).setUint32(0, header.length);
  bytes.set(header, LENGTH_BYTES);
  if (content) bytes.set(content.data, LENGTH_BYTES + header.length);
  return bytes;
}

/** What each kind has at least: texts, numbers, lists and maps by name. */
const NEEDED: {
  readonly [K in LedgerValue['kind']]: Readonly<Record<string, 'string' | 'number' | 'object'>>;
} = {
  entry: {
    ...{ type: 'string', id: 'string', home: 'string', organisation: 'string' },
    ...{ version: 'number', author: 'object', time: 'number', command: 'number' },
  },
  record: { patient: 'string', home: 'string', status: 'string', created: 'number' },
  grant: { patient: 'string', grantee: 'string', consents: 'object' },
  privacy: { patient: 'string', consents: 'object' },
  identity: { mspId: 'string', pseudonym: 'string', role: 'string', status: 'string' },
  organisation: { mspId: 'string', organization: 'string', roles: 'object' },
  unique: { organisation: 'string', criteria: 'string', holder: 'string' },
};

/** The inverse of jsonValue; the data is not copied. Throws a RangeError for bytes that are not its work. */
export function jsonValueOf(bytes: Uint8Array): LedgerValue {
  if (bytes.length < LENGTH_BYTES) throw new RangeError('a value that ends too early');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  if (length > bytes.length - LENGTH_BYTES) throw new RangeError('a value that ends too early');
  const data = bytes.subarray(LENGTH_BYTES + length);
  const value = parsed(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
  if (!isValue(value)) throw new RangeError('not a value of this ledger');
  if (value.kind === 'entry' && value.content) value.content = { ...value.content, data };
  else if (data.length > 0) throw new RangeError('a value that goes on');
  return value;
}

function parsed(header: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(header));
  } catch {
    throw new RangeError('not a value of this ledger');
  }
}

function isValue(value: unknown): value is LedgerValue {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  const { kind, content } = fields;
  if (typeof kind !== 'string' || !Object.hasOwn(NEEDED, kind)) return false;
  const needed = NEEDED[kind as LedgerValue['kind']];
  return (
    Object.entries(needed).every(([name, type]) => typeof fields[name] === type && fields[name] !== null) &&
    (content === undefined || isEnvelope(content))
  );
}

const isEnvelope = (content: unknown): boolean =>
  typeof content === 'object' &&
  content !== null &&
  'enc' in content &&
  'kid' in content &&
  typeof content.enc === 'string' &&
  typeof content.kid === 'string';
