import { FhirError } from '../fhir/errors.ts';

/** Codes of a code system that is not here are asked for. */
export const notLoaded = (system: string, version?: string): FhirError =>
  new FhirError(422, {
    code: 'not-found',
    diagnostics: `The code system ${system}${version === undefined ? '' : `|${version}`} is not loaded here, so what is in it is not known.`,
  });

/** The code system is here in part: what is missing is not known. */
export const notWhole = (system: string, content: string): FhirError =>
  new FhirError(422, {
    code: 'incomplete',
    diagnostics: `Of the code system ${system} not all is loaded here (content ${content}), so what is in it is not known.`,
  });

export const valueSetNotFound = (canonical: string): FhirError =>
  new FhirError(422, { code: 'not-found', diagnostics: `The value set ${canonical} is not known here.` });

export const tooCostly = (diagnostics: string): FhirError =>
  new FhirError(422, { code: 'too-costly', diagnostics });

export const cannotProcess = (diagnostics: string, expression?: string): FhirError =>
  new FhirError(422, {
    code: 'not-supported',
    diagnostics,
    ...(expression !== undefined && { expression: [expression] }),
  });
