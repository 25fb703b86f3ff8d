import type { JsonObject, Resource } from '../fhir/resource.ts';
import { GRANTEES } from './cast.ts';
import type { Chance } from './chance.ts';
import { CLINICAL, LABELS, coded } from './clinical.ts';

const THO = 'http://terminology.hl7.org/CodeSystem';
const SECTIONS = ['report', 'vitals', 'bloodGroup', 'diagnosis', 'visits', 'treatment', 'other', 'allergies'];

const section = (code: string): JsonObject =>
  coded('http://fhir-fabric-gateway.org/CodeSystem/record-section', code);
const resourceClass = (code: string): JsonObject => ({
  system: 'http://hl7.org/fhir/resource-types',
  code,
});
const label = (code: string): JsonObject => ({ system: `${THO}/v3-Confidentiality`, code });
const permittedAction = (code: string): JsonObject => coded(`${THO}/consentaction`, code);

function narrowing(chance: Chance): JsonObject {
  switch (chance.below(6)) {
    case 0:
      return { class: chance.some(['Patient', ...CLINICAL], 50).map(resourceClass) };
    case 1:
      return { code: chance.some(SECTIONS, 50).map(section) };
    case 2:
      return { securityLabel: [label(chance.pick(LABELS))] };
    case 3:
      return { dataPeriod: { start: '2024-01-15', end: '2024-12-31' } };
    default:
      return {};
  }
}

const nonEmpty = (parts: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(parts).filter(([, part]) => !Array.isArray(part) || part.length > 0));

/** A Consent of the patient: for somebody, for nobody in particular, or a section that is not private. */
export function randomConsent(id: string, patient: string, chance: Chance): Resource {
  const consent = (provision: JsonObject): Resource => ({
    resourceType: 'Consent',
    id,
    status: 'active',
    scope: coded(`${THO}/consentscope`, 'patient-privacy'),
    category: [coded('http://loinc.org', '59284-0')],
    patient: { reference: `Patient/${patient}` },
    dateTime: '2026-01-01T00:00:00Z',
    policyRule: coded(`${THO}/v3-ActCode`, 'OPTIN'),
    provision,
  });
  if (chance.happens(20))
    return consent({
      type: 'permit',
      code: [section(chance.pick(SECTIONS)), section(chance.pick(SECTIONS))],
    });
  const { reference, role } = chance.pick(GRANTEES);
  const actor = [{ role: coded(`${THO}/v3-ParticipationType`, role), reference: { reference } }];
  return consent({
    type: 'permit',
    actor,
    ...nonEmpty(narrowing(chance)),
    ...(chance.happens(15) && { action: [permittedAction('access')] }),
    ...(chance.happens(40) && { provision: [{ type: 'deny', ...nonEmpty(narrowing(chance)) }] }),
  });
}

/** Whom a Consent names; nobody: it concerns everyone. */
export function namedIn(consent: Resource): string[] {
  const { provision } = consent as { provision?: { actor?: { reference: { reference: string } }[] } };
  return (provision?.actor ?? []).map(({ reference }) => reference.reference);
}
