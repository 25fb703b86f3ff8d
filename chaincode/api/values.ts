import type { Role, IdentityRef } from './roles.ts';
import type { Rule, RulesByConsent } from './rules.ts';
import type { Section } from './sections.ts';
import type { Home } from './types.ts';

/** Content as it is stored: `enc` says how (`deflate-r4-1`: raw deflate with the dictionary that `kid` names). */
export interface Envelope {
  enc: string;
  kid: string;
  data: Uint8Array;
}

/** `entry/<Type>/<id>` and, with the same value, `version/<Type>/<id>/<n>` once it is superseded. */
export interface EntryValue {
  kind: 'entry';
  type: string;
  id: string;
  home: Exclude<Home, 'definitional'>;
  /** The Patient's id, for the home `patient`. */
  patient?: string;
  /** The MSP that created the entry. */
  organisation: string;
  version: number;
  section?: Section;
  labels?: readonly string[];
  /** Who wrote this version. */
  author: IdentityRef;
  /** The transaction's time, milliseconds since 1970: the writer's claim. */
  time: number;
  /** The place of the command in its transaction; with block and transaction it orders the ledger. */
  command: number;
  /** Criteria held in `unique/...`. */
  unique?: readonly string[];
  /** For a Consent in force: the grantees under whom its rules are kept; `privacy` when EditPrivacy wrote it. */
  grantees?: readonly string[];
  privacy?: true;
  /** undefined: a tombstone. */
  content?: Envelope;
}

/** `record/<patient>` */
export interface RecordValue {
  kind: 'record';
  patient: string;
  /** The MSP that opened it. */
  home: string;
  /** The patient's own pseudonym in `home`, once an account exists. */
  owner?: string;
  status: 'open' | 'erasing' | 'erased';
  created: number;
  /** False: nothing was ever granted or denied to everyone, so that `grant/<patient>/*` need not be read. */
  everyone?: boolean;
}

/** `grant/<patient>/<grantee>` */
export interface GrantValue {
  kind: 'grant';
  patient: string;
  grantee: string;
  consents: RulesByConsent;
}

/** `privacy/<patient>`: what is not private, by Consent. Read only, for doctors and labs. */
export interface PrivacyValue {
  kind: 'privacy';
  patient: string;
  consents: Readonly<Record<string, Rule>>;
}

/** `identity/<MSP>/<pseudonym>` */
export interface IdentityValue extends IdentityRef {
  kind: 'identity';
  role: Role;
  fhirUser?: string;
  status: 'active' | 'disabled';
}

/** `organisation/<MSP>` */
export interface OrganisationValue {
  kind: 'organisation';
  mspId: string;
  organization: string;
  roles: readonly Role[];
  /** Bootstrapped the ledger; its HR adds further organisations. */
  founder?: true;
}

/** `unique/<organisation>/<criteria>` */
export interface UniqueValue {
  kind: 'unique';
  organisation: string;
  criteria: string;
  /** `Type/id` */
  holder: string;
}

export type LedgerValue =
  EntryValue | RecordValue | GrantValue | PrivacyValue | IdentityValue | OrganisationValue | UniqueValue;

const FORMAT = 1;
const SALT_BYTES = 16;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** A value in its two parts: what is JSON, and the bytes that follow it. */
function parts(value: LedgerValue): { header: string; data: Uint8Array } {
  if (value.kind !== 'entry' || !value.content)
    return { header: JSON.stringify(value), data: new Uint8Array(0) };
  const { data, enc, kid } = value.content;
  return { header: JSON.stringify({ ...value, content: { enc, kid } }), data };
}

/** How many bytes `encodeValue` makes of it. */
export function valueBytes(value: LedgerValue): number {
  const { header, data } = parts(value);
  return 1 + SALT_BYTES + 4 + encoder.encode(header).length + data.length;
}

/**
 * A private value as bytes: format (1 byte), salt (16), length of the header (4, big endian), header (JSON), data.
 * The salt keeps the hash in the block from being guessed.
 */
export function encodeValue(value: LedgerValue, salt: Uint8Array): Uint8Array {
  if (salt.length !== SALT_BYTES) throw new RangeError('a salt has 16 bytes');
  const { header, data } = parts(value);
  const text = encoder.encode(header);
  const bytes = new Uint8Array(1 + SALT_BYTES + 4 + text.length + data.length);
  bytes[0] = FORMAT;
  bytes.set(salt, 1);
  new DataView(bytes.buffer).setUint32(1 + SALT_BYTES, text.length);
  bytes.set(text, 1 + SALT_BYTES + 4);
  bytes.set(data, 1 + SALT_BYTES + 4 + text.length);
  return bytes;
}

/** The value in `bytes`; throws a RangeError when they are of no known format. */
export function decodeValue(bytes: Uint8Array): LedgerValue {
  const start = 1 + SALT_BYTES + 4;
  if (bytes.length < start || bytes[0] !== FORMAT) throw new RangeError('not a value of this ledger');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1 + SALT_BYTES);
  const value = JSON.parse(decoder.decode(bytes.subarray(start, start + length))) as LedgerValue;
  if (value.kind === 'entry' && value.content) {
    value.content = { ...value.content, data: bytes.subarray(start + length) };
  }
  return value;
}
