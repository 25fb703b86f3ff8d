import type { Target } from '../../clients/target.ts';

/** A gateway by the address that clients see, and its data folder. */
export const targetAt = (baseUrl: string, dataDir: string): Target => ({
  baseUrl,
  fhirBase: `${baseUrl}/fhir/R4`,
  dataDir,
});
