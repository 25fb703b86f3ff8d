import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { PatientName } from './login.ts';
import { isObject, type Bundle, type Resource } from './resource.ts';

const FIXTURES = new URL('../../fixtures/synthea/', import.meta.url);

const textOf = (name: PatientName): string => readFileSync(new URL(`patient-${name}.json`, FIXTURES), 'utf8');

/** The export that a demo patient was loaded from. */
export const exportOf = (name: PatientName): Bundle => JSON.parse(textOf(name)) as Bundle;

export const resourcesOf = ({ entry = [] }: Bundle): Resource[] =>
  entry.flatMap(({ resource }) => (resource ? [resource] : []));

/** A patient that nobody knows yet, with the history of a demo patient. */
export interface NewPatient {
  bundle: Bundle;
  /** The Patient's medical record number, as a search has it: `system|value`. */
  identifier: string;
  family: string;
}

/** A demo patient's export as another person's: new urn:uuids, identifiers and names throughout. */
export function newPatientLike(name: PatientName): NewPatient {
  let text = textOf(name);
  const { entry = [] } = JSON.parse(text) as Bundle;
  const ids = new Map(entry.map(({ fullUrl = '' }) => [fullUrl.replace('urn:uuid:', ''), randomUUID()]));
  text = text.replace(
    /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g,
    (id) => ids.get(id) ?? id,
  );
  const bundle = JSON.parse(text) as Bundle;
  const patient = resourcesOf(bundle).find(({ resourceType }) => resourceType === 'Patient');
  if (!patient) throw new Error(`the export of ${name} has no Patient`);
  const family = `Test-${randomUUID().slice(0, 8)}`;
  const value = randomUUID();
  const system = 'http://hospital.smarthealthit.org';
  patient['identifier'] = [{ system, value }];
  patient['name'] = [{ use: 'official', family, given: ['Nova'] }];
  return { bundle, identifier: `${system}|${value}`, family };
}

/** A value with each `reference` in it, at any depth, replaced by what `change` makes of it. */
export function mapReferences<T>(value: T, change: (reference: string) => string): T;
export function mapReferences(value: unknown, change: (reference: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => mapReferences(item, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      name === 'reference' && typeof item === 'string' ? change(item) : mapReferences(item, change),
    ]),
  );
}
