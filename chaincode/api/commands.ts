import { Type, type Static, type TSchema } from '@sinclair/typebox';
import { ROLES } from './roles.ts';
import { SECTIONS } from './sections.ts';
import type { Rule } from './rules.ts';

/** The thesis's functions; besides these the contract has `Commit`, which runs a list of commands in one transaction. */
export const COMMANDS = [
  'CreateMedicalRecord',
  'GrantAccess',
  'RevokeAccess',
  'EditPrivacy',
  'CreateAssets',
  'UpdateAsset',
  'DeleteAsset',
] as const;
export const QUERIES = [
  'AssetExists',
  'CheckPermissions',
  'QueryAsset',
  'QueryAllAssets',
  'GetAssetHistory',
] as const;
export type CommandName = (typeof COMMANDS)[number];
export type QueryName = (typeof QUERIES)[number];

const closed = <T extends Record<string, TSchema>>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });
const oneOf = <const T extends readonly string[]>(values: T) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values] });

const FhirId = Type.String({ pattern: '^[A-Za-z0-9.-]{1,64}$' });
const TypeName = Type.String({ pattern: '^[A-Z][A-Za-z]{1,63}$' });
const Name = Type.String({ minLength: 1, maxLength: 512 });
const SpanSchema = Type.Unsafe<readonly [number | null, number | null]>({
  type: 'array',
  items: { type: ['integer', 'null'] },
  minItems: 2,
  maxItems: 2,
});

/** The schema of `Rule` (rules.ts): one provision, with its exceptions nested to any depth. */
export const RuleSchema = Type.Unsafe<Rule>(
  Type.Recursive(
    (This) =>
      closed({
        type: oneOf(['permit', 'deny']),
        actors: Type.Optional(Type.Array(Name)),
        actions: Type.Optional(Type.Array(oneOf(['access', 'correct']))),
        classes: Type.Optional(Type.Array(TypeName)),
        sections: Type.Optional(Type.Array(oneOf(SECTIONS))),
        labels: Type.Optional(Type.Array(Name)),
        purposes: Type.Optional(Type.Array(Name)),
        period: Type.Optional(SpanSchema),
        dataPeriod: Type.Optional(SpanSchema),
        rules: Type.Optional(Type.Array(This)),
      }),
    { $id: 'Rule' },
  ),
);

/** Bytes that the chaincode stores and never opens. In a transaction they travel beside the commands (transient.ts). */
const Content = Type.Unsafe<Uint8Array>(Type.Any());

/** How the criteria begin that hold the key of a request. An entry has them for good: the request was done. */
export const REQUEST_KEY = 'Idempotency-Key?';

/** A FHIR resource to be written: what the chaincode must know of it, and its sealed content. */
export const EntryWrite = closed({
  type: TypeName,
  id: FhirId,
  home: oneOf(['patient', 'attached', 'directory', 'administrative']),
  /** The Patient's id, for the home `patient`. */
  patient: Type.Optional(FhirId),
  section: Type.Optional(oneOf(SECTIONS)),
  /** `system|code` of meta.security. */
  labels: Type.Optional(Type.Array(Name, { maxItems: 100 })),
  /** The version that must be current, 0 when the entry must not exist; absent: whichever is. */
  version: Type.Optional(Type.Integer({ minimum: 0 })),
  /**
   * Criteria of which the organisation that creates the entry may hold one resource at a time; they replace those of
   * the version before. In another organisation's update they count for nothing.
   */
  unique: Type.Optional(Type.Array(Name, { maxItems: 100 })),
  /** How `content` is encoded (see `Envelope` in values.ts). */
  enc: Type.String({ maxLength: 16 }),
  kid: Type.String({ maxLength: 64 }),
  content: Content,
});
export type EntryWrite = Static<typeof EntryWrite>;

/** A Consent and what it does: rules for each grantee (`Practitioner/2`, `Organization/5`, or `*` for everyone). */
export const ConsentWrite = closed({
  entry: EntryWrite,
  grants: Type.Record(Name, RuleSchema, { maxProperties: 100 }),
});
export type ConsentWrite = Static<typeof ConsentWrite>;

const IdentityAsset = closed({
  kind: Type.Literal('identity'),
  mspId: Name,
  pseudonym: Name,
  role: oneOf(ROLES),
  /** `Patient/1`, `Practitioner/2`; none for HR, systems and researchers that have no resource. */
  fhirUser: Type.Optional(Name),
  status: oneOf(['active', 'disabled']),
});
const OrganisationAsset = closed({
  kind: Type.Literal('organisation'),
  mspId: Name,
  /** The Organization that stands for it, `Organization/<id>`. */
  organization: Name,
  /** The roles that its CA may issue. */
  roles: Type.Array(oneOf(ROLES)),
});
const AnchorAsset = closed({
  kind: Type.Literal('anchor'),
  /** The anchor's number in its organisation, from 1. */
  number: Type.Integer({ minimum: 1 }),
  /** Merkle root over salted leaves, hexadecimal. */
  root: Type.String({ pattern: '^[0-9a-f]{64}$' }),
});
const EntryAsset = closed({ kind: Type.Literal('entry'), entry: EntryWrite });
export const Asset = Type.Union([EntryAsset, IdentityAsset, OrganisationAsset, AnchorAsset]);
export type Asset = Static<typeof Asset>;

/** Which entry a tombstone replaces. */
const EntryName = closed({
  type: TypeName,
  id: FhirId,
  version: Type.Optional(Type.Integer({ minimum: 1 })),
});

/** Code of v3-ActReason under which the caller works; TREAT when absent. */
const purpose = Type.Optional(Name);

export const CommandSchemas = {
  /** Opens a record: its Patient, and the first grant as a Consent that the patient sees and can revoke. */
  CreateMedicalRecord: closed({
    fn: Type.Literal('CreateMedicalRecord'),
    entry: EntryWrite,
    consent: Type.Optional(ConsentWrite),
    purpose,
  }),
  /** Writes an active Consent and puts its rules in force, in place of those it had. */
  GrantAccess: closed({ fn: Type.Literal('GrantAccess'), consent: ConsentWrite, purpose }),
  /** Writes a Consent that is no longer active, or deletes it, and takes its rules out of force. */
  RevokeAccess: closed({
    fn: Type.Literal('RevokeAccess'),
    entry: Type.Optional(EntryWrite),
    remove: Type.Optional(EntryName),
    purpose,
  }),
  /** Writes a Consent that permits without naming an actor: what it covers is not private (read only). */
  EditPrivacy: closed({ fn: Type.Literal('EditPrivacy'), entry: EntryWrite, rule: RuleSchema, purpose }),
  CreateAssets: closed({
    fn: Type.Literal('CreateAssets'),
    assets: Type.Array(Asset, { minItems: 1 }),
    purpose,
  }),
  UpdateAsset: closed({ fn: Type.Literal('UpdateAsset'), asset: Asset, purpose }),
  /** Replaces an entry by a tombstone; or, with `erase`, a step of erasing a whole record (HR of its home). */
  DeleteAsset: closed({
    fn: Type.Literal('DeleteAsset'),
    remove: Type.Optional(EntryName),
    erase: Type.Optional(
      closed({
        patient: FhirId,
        step: oneOf(['begin', 'purge', 'finish']),
        /**
         * For `purge` and `finish`: entries with the highest version to purge, and grantees; each must belong to the
         * patient. `begin` takes none (BAD_REQUEST).
         */
        entries: Type.Optional(
          Type.Array(closed({ type: TypeName, id: FhirId, versions: Type.Integer({ minimum: 0 }) })),
        ),
        grantees: Type.Optional(Type.Array(Name)),
      }),
    ),
    purpose,
  }),
} as const;

export type Command = { [K in CommandName]: Static<(typeof CommandSchemas)[K]> }[CommandName];

export const QuerySchemas = {
  /** Answers boolean. */
  AssetExists: closed({ fn: Type.Literal('AssetExists'), type: TypeName, id: FhirId }),
  /** Answers `Permissions`: what the rules on the ledger let `grantee` do in each section. */
  CheckPermissions: closed({
    fn: Type.Literal('CheckPermissions'),
    patient: FhirId,
    grantee: Name,
  }),
  /** Answers the entry's value (values.ts), when the caller may read it. */
  QueryAsset: closed({ fn: Type.Literal('QueryAsset'), type: TypeName, id: FhirId }),
  /** Answers the values that are there and readable, of the entries named. */
  QueryAllAssets: closed({
    fn: Type.Literal('QueryAllAssets'),
    entries: Type.Array(closed({ type: TypeName, id: FhirId }), { maxItems: 1000 }),
  }),
  /** Answers the entry's values, newest first. */
  GetAssetHistory: closed({ fn: Type.Literal('GetAssetHistory'), type: TypeName, id: FhirId }),
} as const;

export type Query = { [K in QueryName]: Static<(typeof QuerySchemas)[K]> }[QueryName];

/** Section → the actions that are permitted in it. */
export type Permissions = Partial<Record<(typeof SECTIONS)[number], readonly ('access' | 'correct')[]>>;
