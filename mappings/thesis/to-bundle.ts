import { consentOf } from '../consent/index.ts';
import type { Json, JsonObject, Resource } from '../resource.ts';
import { fieldToResource } from './field-resources.ts';
import { RECORD_FIELDS, isTextField, privacyOf, type ThesisRecord } from './fields.ts';
import { remainderToBasic } from './remainder.ts';

export interface ThesisBundleOptions {
  /** Patient id. */
  patient: string;
  /** FHIR dateTime of the Consents. */
  dateTime: string;
  /** `transaction` has requests that create everything; `collection` none. */
  type: 'transaction' | 'collection';
  /** A fresh UUID a call, for the entries' fullUrl. */
  newUuid: () => string;
}

/** Ids of doctors, when the list is one that Consents can stand for: no repeats, each an id. */
function doctorIds(value: Json): string[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || new Set(value).size !== value.length) return undefined;
  const ids = value.filter((id) => typeof id === 'string' && /^[A-Za-z0-9.-]{1,64}$/.test(id));
  return ids.length === value.length ? (ids as string[]) : undefined;
}

/**
 * The resources that one member of a record becomes; undefined when FHIR has none for it. Doctors get a Consent each,
 * so that each can be revoked; a field that is not private becomes a Consent without an actor.
 */
function resourcesOf(
  member: string,
  value: Json,
  { patient, dateTime }: ThesisBundleOptions,
): Resource[] | undefined {
  if (isTextField(member)) {
    const resource = typeof value === 'string' ? fieldToResource(member, value, patient) : undefined;
    return resource && [resource];
  }
  if (member === 'doctorsWithpermission') {
    return doctorIds(value)?.map((id) =>
      consentOf({ type: 'permit', actors: [`Practitioner/${id}`] }, { patient, dateTime }),
    );
  }
  const field = privacyOf(member);
  if (field === undefined || value !== false) return undefined;
  return [
    consentOf(
      { type: 'permit', actions: ['access'], sections: [RECORD_FIELDS[field]] },
      { patient, dateTime },
    ),
  ];
}

/**
 * A thesis record as a Bundle: bundleToThesisRecord gives back the same record, whatever its members hold. Members
 * that the thesis does not know travel along in a Basic of the section `other`.
 */
export function thesisRecordToBundle(record: ThesisRecord, options: ThesisBundleOptions): Resource {
  const resources: Resource[] = [];
  const rest: [string, Json][] = [];
  for (const [member, value] of Object.entries(record)) {
    const found = resourcesOf(member, value, options);
    if (found) resources.push(...found);
    else rest.push([member, value]);
  }
  if (rest.length > 0) resources.push(remainderToBasic(Object.fromEntries(rest), options.patient));
  const entry = resources.map((resource): JsonObject => ({
    fullUrl: `urn:uuid:${options.newUuid()}`,
    resource,
    ...(options.type === 'transaction' && { request: { method: 'POST', url: resource.resourceType } }),
  }));
  return { resourceType: 'Bundle', type: options.type, ...(entry.length > 0 && { entry }) };
}
