import type { LoadRequest } from '../load/job.ts';
import { observation } from './observation.ts';
import type { Target } from './target.ts';

/** Creates of Observations, one for each record in turns. */
export function observationCreates({ base }: Target, patients: readonly string[]): LoadRequest[] {
  return patients.map((patient, number) => ({
    method: 'POST',
    path: `${base}/Observation`,
    body: JSON.stringify(observation(patient, number)),
  }));
}
