import type { JsonObject, Resource } from '../fhir/resource.ts';
import type { Chance } from './chance.ts';

/** Few values, so that they coincide. */
export const CODES = ['718-7', '8867-4', '883-9', 'x'] as const;
export const DATES = ['2024-01-01', '2024-02-01', '2024-02-01T10:00:00Z', '2025'] as const;
export const WORDS = ['alpha', 'beta', 'gamma'] as const;
export const LABELS = ['R', 'V'] as const;

/** The types of a record that the scene has. */
export const CLINICAL = [
  'Observation',
  'Condition',
  'Encounter',
  'Procedure',
  'DiagnosticReport',
  'AllergyIntolerance',
  'MedicationRequest',
  'Provenance',
] as const;
export type Clinical = (typeof CLINICAL)[number];

export const coded = (system: string, code: string): JsonObject => ({ coding: [{ system, code }] });
const loinc = (code: string) => coded('http://loinc.org', code);
const THO = 'http://terminology.hl7.org/CodeSystem';

/** A resource of the type, of this patient; `among` is what it may refer to, by type. */
export function clinicalResource(
  type: Clinical,
  id: string,
  patient: string,
  among: (type: string) => readonly string[],
  chance: Chance,
): Resource {
  const refersTo = (of: string, percent: number): JsonObject | undefined => {
    const known = among(of);
    return known.length > 0 && chance.happens(percent) ? { reference: chance.pick(known) } : undefined;
  };
  const one = (name: string, value: JsonObject | undefined): JsonObject => (value ? { [name]: value } : {});
  const many = (name: string, value: JsonObject | undefined): JsonObject =>
    value ? { [name]: [value] } : {};
  const subject = { reference: `Patient/${patient}` };
  const base = {
    resourceType: type,
    id,
    ...(chance.happens(25) && {
      meta: { security: [{ system: `${THO}/v3-Confidentiality`, code: chance.pick(LABELS) }] },
    }),
  };
  const code = loinc(chance.pick(CODES));
  switch (type) {
    case 'Observation':
      return {
        ...base,
        status: chance.pick(['final', 'amended']),
        category: [
          coded(`${THO}/observation-category`, chance.pick(['laboratory', 'vital-signs', 'social-history'])),
        ],
        ...{ code, subject, effectiveDateTime: chance.pick(DATES) },
        identifier: [{ system: 'http://example.org/obs', value: chance.pick(WORDS) }],
        ...(chance.happens(50)
          ? { valueString: chance.pick(WORDS) }
          : { valueQuantity: { value: chance.below(4), unit: 'mg' } }),
        ...one('encounter', refersTo('Encounter', 50)),
        ...many('hasMember', refersTo('Observation', 40)),
        ...many('performer', { reference: 'Practitioner/doc-1' }),
      };
    case 'Condition':
      return {
        ...{ ...base, code, subject },
        recordedDate: chance.pick(DATES),
        ...one('encounter', refersTo('Encounter', 60)),
        clinicalStatus: coded(`${THO}/condition-clinical`, 'active'),
      };
    case 'Encounter':
      return {
        ...{ ...base, status: 'finished', subject },
        class: { system: `${THO}/v3-ActCode`, code: 'AMB' },
        period: { start: chance.pick(DATES) },
        ...many('reasonReference', refersTo('Condition', 40)),
      };
    case 'Procedure':
      return {
        ...{ ...base, status: 'completed', code, subject },
        performedDateTime: chance.pick(DATES),
        ...many('reasonReference', refersTo('Condition', 60)),
        ...one('encounter', refersTo('Encounter', 40)),
      };
    case 'DiagnosticReport':
      return {
        ...{ ...base, status: 'final', code, subject },
        ...(chance.happens(60) && { category: [coded(`${THO}/v2-0074`, 'LAB')] }),
        ...many('result', refersTo('Observation', 80)),
      };
    case 'AllergyIntolerance':
      return {
        ...{ ...base, code, patient: subject },
        clinicalStatus: coded(`${THO}/allergyintolerance-clinical`, 'active'),
      };
    case 'MedicationRequest':
      return {
        ...{ ...base, status: 'active', intent: 'order', subject },
        ...(refersTo('Medication', 80)
          ? one('medicationReference', refersTo('Medication', 100))
          : { medicationCodeableConcept: code }),
        ...many('reasonReference', refersTo('Condition', 40)),
      };
    case 'Provenance':
      return {
        ...base,
        target: [subject],
        recorded: '2024-03-01T00:00:00Z',
        agent: [{ who: { reference: 'Organization/hospital' } }],
      };
  }
}
