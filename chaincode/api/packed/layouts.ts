import { ROLES } from '../roles.ts';
import { SECTIONS } from '../sections.ts';
import type {
  EntryValue,
  Envelope,
  GrantValue,
  IdentityValue,
  LedgerValue,
  OrganisationValue,
  PrivacyValue,
  RecordValue,
  UniqueValue,
} from '../values.ts';
import type { IdentityRef } from '../roles.ts';
import {
  always,
  boolean,
  type Codec,
  integer,
  list,
  mapOf,
  oneOf,
  optional,
  struct,
  tail,
  text,
} from './codec.ts';
import { rule } from './rule.ts';

type Kind = LedgerValue['kind'];
type Layouts = { readonly [K in Kind]: { number: number; codec: Codec<Extract<LedgerValue, { kind: K }>> } };

/** Of each kind its number, which is never another's, and its fields in their order: ledgers have them so. */
const layouts: Layouts = {
  entry: {
    number: 1,
    codec: struct<EntryValue>({
      kind: always('entry'),
      type: text,
      id: text,
      home: oneOf(['patient', 'attached', 'directory', 'administrative']),
      patient: optional(text),
      organisation: text,
      version: integer,
      section: optional(oneOf(SECTIONS)),
      labels: optional(list(text)),
      author: struct<IdentityRef>({ mspId: text, pseudonym: text }),
      time: integer,
      command: integer,
      unique: optional(list(text)),
      grantees: optional(list(text)),
      privacy: optional(always(true)),
      content: optional(struct<Envelope>({ enc: text, kid: text, data: tail })),
    }),
  },
  record: {
    number: 2,
    codec: struct<RecordValue>({
      kind: always('record'),
      patient: text,
      home: text,
      owner: optional(text),
      status: oneOf(['open', 'erasing', 'erased']),
      created: integer,
      everyone: optional(boolean),
    }),
  },
  grant: {
    number: 3,
    codec: struct<GrantValue>({ kind: always('grant'), patient: text, grantee: text, consents: mapOf(rule) }),
  },
  privacy: {
    number: 4,
    codec: struct<PrivacyValue>({ kind: always('privacy'), patient: text, consents: mapOf(rule) }),
  },
  identity: {
    number: 5,
    codec: struct<IdentityValue>({
      kind: always('identity'),
      mspId: text,
      pseudonym: text,
      role: oneOf(ROLES),
      fhirUser: optional(text),
      status: oneOf(['active', 'disabled']),
    }),
  },
  organisation: {
    number: 6,
    codec: struct<OrganisationValue>({
      kind: always('organisation'),
      mspId: text,
      organization: text,
      roles: list(oneOf(ROLES)),
      founder: optional(always(true)),
    }),
  },
  unique: {
    number: 7,
    codec: struct<UniqueValue>({ kind: always('unique'), organisation: text, criteria: text, holder: text }),
  },
};

const byNumber = new Map(Object.values(layouts).map(({ number, codec }) => [number, codec]));

/** Any value: the number of its kind, then its fields. */
export const ledgerValue: Codec<LedgerValue> = {
  write(out, value) {
    const { number, codec } = layouts[value.kind];
    out.byte(number);
    (codec as Codec<LedgerValue>).write(out, value);
  },
  read(from) {
    const codec = byNumber.get(from.byte());
    if (!codec) throw new RangeError('a value of a kind that is not known');
    const value = codec.read(from);
    if (from.left > 0) throw new RangeError('a value that goes on');
    return value;
  },
};
