import type { Resource } from '../../clients/resource.ts';

/** A vital sign as Synthea has it, about 600 bytes of JSON. `number` makes its value and its time. */
export function observation(patient: string, number: number): Resource {
  const time = new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString();
  return {
    resourceType: 'Observation',
    status: 'final',
    category: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/observation-category',
            code: 'vital-signs',
            display: 'Vital signs',
          },
        ],
      },
    ],
    code: {
      coding: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }],
      text: 'Heart rate',
    },
    subject: { reference: `Patient/${patient}` },
    effectiveDateTime: time,
    issued: time,
    valueQuantity: {
      value: 50 + (number % 100),
      unit: '/min',
      system: 'http://unitsofmeasure.org',
      code: '/min',
    },
  };
}
