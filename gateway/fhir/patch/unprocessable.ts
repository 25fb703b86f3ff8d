import { FhirError } from '../errors.ts';

/** 422: the patch is well-formed and can't be applied to this version. */
export const unprocessable = (diagnostics: string, expression?: string): FhirError =>
  new FhirError(422, {
    code: 'processing',
    diagnostics,
    ...(expression !== undefined && { expression: [expression] }),
  });
