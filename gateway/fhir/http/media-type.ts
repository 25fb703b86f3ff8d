import { FhirError } from '../errors.ts';

const JSON_TYPES = ['application/fhir+json', 'application/json', 'application/json+fhir', 'text/json'];
export const FHIR_JSON = 'application/fhir+json; charset=utf-8';

/** Refuses, 415, a body that is not FHIR as JSON in UTF-8. */
export function assertJsonBody(contentType: string | undefined): void {
  const [type, ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  if (
    !JSON_TYPES.includes(type ?? '') ||
    (charset !== undefined && charset.replaceAll('"', '') !== 'utf-8')
  ) {
    throw new FhirError(415, {
      code: 'not-supported',
      diagnostics: `The body must be application/fhir+json in UTF-8, not ${contentType ?? 'unnamed'}.`,
    });
  }
}

/** A JSON Patch, RFC 6902; in UTF-8, as all JSON. */
export const JSON_PATCH = 'application/json-patch+json';

export const isJsonPatch = (contentType: string | undefined): boolean =>
  (contentType ?? '').split(';')[0]?.trim().toLowerCase() === JSON_PATCH;

/**
 * Refuses, 406, a client that takes nothing but other formats. `_format` wins over the header.
 * https://hl7.org/fhir/R4/http.html#mime-type
 */
export function assertJsonAccepted(accept: string | undefined, format: string | undefined): void {
  const wanted = (format ?? accept ?? '*/*').toLowerCase().split(',');
  const takesJson = wanted.some((one) => {
    const type = (one.split(';')[0] ?? '').trim().replace(' ', '+');
    return (
      type === '' ||
      type === 'json' ||
      type === '*/*' ||
      type === 'application/*' ||
      JSON_TYPES.includes(type)
    );
  });
  if (!takesJson) {
    throw new FhirError(406, {
      code: 'not-supported',
      diagnostics: 'This server answers application/fhir+json.',
    });
  }
}
