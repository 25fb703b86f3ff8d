import type {
  EntryValue,
  GrantValue,
  IdentityValue,
  OrganisationValue,
  PrivacyValue,
  RecordValue,
  UniqueValue,
} from '../api/index.ts';

/**
 * Keys as the contract speaks of them, before the HMAC that hides all but the kind (names.ts). The parts that come
 * before the last never contain a `/`, so that no two things share a key: ids and types by their schema, MSPs and
 * pseudonyms by `rules/membership.ts`.
 */
export const recordKey = (patient: string) => `record/${patient}` as const;
export const entryKey = (type: string, id: string) => `entry/${type}/${id}` as const;
export const versionKey = (type: string, id: string, version: number) =>
  `version/${type}/${id}/${String(version)}` as `version/${string}`;
export const grantKey = (patient: string, grantee: string) => `grant/${patient}/${grantee}` as const;
export const privacyKey = (patient: string) => `privacy/${patient}` as const;
export const identityKey = (mspId: string, pseudonym: string) => `identity/${mspId}/${pseudonym}` as const;
export const organisationKey = (mspId: string) => `organisation/${mspId}` as const;
export const uniqueKey = (organisation: string, criteria: string) =>
  `unique/${organisation}/${criteria}` as const;

/**
 * Who stands for the Organization `reference`: one organisation at a time, or a grant to one would be a grant to two.
 * It is a unique criterion of the ledger as a whole, which `*` stands for; its holder is `organisation/<MSP>`.
 */
export const organizationClaimKey = (reference: string) => uniqueKey('*', reference);

export type Key =
  | `record/${string}`
  | `entry/${string}`
  | `version/${string}`
  | `grant/${string}`
  | `privacy/${string}`
  | `identity/${string}`
  | `organisation/${string}`
  | `unique/${string}`;

export type ValueOf<K extends Key> = K extends `record/${string}`
  ? RecordValue
  : K extends `entry/${string}` | `version/${string}`
    ? EntryValue
    : K extends `grant/${string}`
      ? GrantValue
      : K extends `privacy/${string}`
        ? PrivacyValue
        : K extends `identity/${string}`
          ? IdentityValue
          : K extends `organisation/${string}`
            ? OrganisationValue
            : UniqueValue;
