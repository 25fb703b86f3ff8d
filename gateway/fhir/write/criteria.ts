import type { Resource, JsonObject } from '../resource.ts';

/** Criteria in one form, whatever their order: `Observation?identifier=a|1&name=b`, decoded and sorted. */
export function canonicalCriteria(type: string, query: string): string {
  const pairs = [...new URLSearchParams(query)].map(([name, value]) => `${name}=${value}`).sort();
  return `${type}?${pairs.join('&')}`;
}

/** The claim of a conditional create: of a record's own, since what holds it elsewhere is not the caller's to know. */
export function criteriaClaim(type: string, query: string, patient: string | undefined): string {
  const criteria = canonicalCriteria(type, query);
  return patient === undefined || type === 'Patient' ? criteria : `Patient/${patient} ${criteria}`;
}

/** An organisation holds one Patient for each identifier: claims that a second POST runs into. */
export function identifierClaims(resource: Resource): string[] {
  if (resource.resourceType !== 'Patient') return [];
  const identifiers = (resource['identifier'] ?? []) as JsonObject[];
  return identifiers
    .filter(({ system, value }) => typeof system === 'string' && typeof value === 'string')
    .map(({ system, value }) => `Patient?identifier=${String(system)}|${String(value)}`);
}
