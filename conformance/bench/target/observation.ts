import type { Resource } from '../../clients/resource.ts';

/** What is measured: LOINC's code, what it is called, and UCUM's unit. */
export type Sign = readonly [code: string, display: string, unit: string];

export const HEART_RATE: Sign = ['8867-4', 'Heart rate', '/min'];

/** A heart rate. `number` makes its value and its time. */
export function observation(patient: string, number: number): Resource {
  const time = new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString();
  return measured(`Patient/${patient}`, HEART_RATE, time, 50 + (number % 100));
}

/** A vital sign as Synthea has it, about 600 bytes of JSON. */
export function measured(
  subject: string,
  [code, display, unit]: Sign,
  time: string,
  value: number,
): Resource {
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
    code: { coding: [{ system: 'http://loinc.org', code, display }], text: display },
    subject: { reference: subject },
    effectiveDateTime: time,
    issued: time,
    valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit },
  };
}
