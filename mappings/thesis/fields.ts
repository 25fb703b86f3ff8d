import type { Section } from '@fhir-fabric-gateway/chaincode/api';
import type { JsonObject } from '../resource.ts';

/** A record as the thesis's chaincode keeps it; see RECORD_FIELDS. Members that it does not know are kept as they are. */
export type ThesisRecord = JsonObject;

/** The thesis's fields that a FHIR resource of their own stands for, with the section it is in. */
export const TEXT_FIELDS = {
  bloodGroup: 'bloodGroup',
  Allergies: 'allergies',
  Diagnosis: 'diagnosis',
  treatment: 'treatment',
  lastVisits: 'visits',
  report: 'report',
  radio: 'radio',
  symptoms: 'symptoms',
} as const satisfies Record<string, Section>;

export type TextField = keyof typeof TEXT_FIELDS;

/** All nine fields; each has a Boolean `<field>private` beside it. */
export const RECORD_FIELDS = { ...TEXT_FIELDS, doctorsWithpermission: 'consent' } as const satisfies Record<
  string,
  Section
>;

export type RecordField = keyof typeof RECORD_FIELDS;

export const isTextField = (name: string): name is TextField => Object.hasOwn(TEXT_FIELDS, name);

/** The field whose privacy a member such as `radioprivate` tells. */
export function privacyOf(member: string): RecordField | undefined {
  const field = member.endsWith('private') ? member.slice(0, -'private'.length) : '';
  return Object.hasOwn(RECORD_FIELDS, field) ? (field as RecordField) : undefined;
}

export function fieldOfSection(section: Section): RecordField | undefined {
  return (Object.keys(RECORD_FIELDS) as RecordField[]).find((field) => RECORD_FIELDS[field] === section);
}

/** What the thesis's record has and FHIR has no element for stands in extensions and codes under this address. */
export const THESIS_RECORD = 'http://fhir-fabric-gateway.org/StructureDefinition/thesis-record';
