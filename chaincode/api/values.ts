import type { Role, IdentityRef } from './roles.ts';
import type { Rule, RulesByConsent } from './rules.ts';
import type { Section } from './sections.ts';
import type { Home } from './types.ts';

/** Content as it is stored: `enc` says how (`deflate`: raw deflate with the dictionary that `kid` names). */
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
