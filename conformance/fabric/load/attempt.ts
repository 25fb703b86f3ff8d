import type { Resource } from '../../clients/resource.ts';

/** A write that was offered, and what came of it. Times are milliseconds, as `performance.now()` has them. */
export interface Attempt {
  /** Of whom, and at which gateway: `doctor`, `hospital`. */
  author: string;
  at: string;
  patient: string;
  /** Unique: what was written has it, and nothing else may. */
  identifier: string;
  value: number;
  due: number;
  ended?: number;
  /** Undefined when no answer came. */
  status?: number;
  location?: string;
  retryAfter?: string;
  /** Of an answer that is no success, what it said; why none came. */
  said?: string;
}

/** What is said of a write whose answer was given up. */
export const HUNG = 'no answer came within a minute';

/** What became of a write, as its client knows. */
export type Fate = 'created' | 'accepted' | 'unavailable' | 'unanswered' | 'other';

export function fateOf({ status }: Attempt): Fate {
  if (status === undefined) return 'unanswered';
  if (status === 201) return 'created';
  if (status === 202) return 'accepted';
  return status === 503 ? 'unavailable' : 'other';
}

/** A laboratory's result, which doctors, systems and labs may all write; `system` names the run that writes it. */
export const observationOf = (system: string, { patient, identifier, value }: Attempt): Resource => ({
  resourceType: 'Observation',
  identifier: [{ system, value: identifier }],
  status: 'final',
  category: [
    {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }],
    },
  ],
  code: { coding: [{ system: 'http://loinc.org', code: '2345-7', display: 'Glucose' }] },
  subject: { reference: `Patient/${patient}` },
  effectiveDateTime: '2026-02-03T10:15:00Z',
  valueQuantity: { value, unit: 'mg/dL', system: 'http://unitsofmeasure.org', code: 'mg/dL' },
});
