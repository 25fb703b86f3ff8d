import type { JsonObject } from '../fhir/resource.ts';

export interface Answer {
  status: number;
  headers: Headers;
  body: JsonObject;
}

export type Asked = [token: string, method: string, path: string, body?: object, headers?: object];

/** Asks a gateway: `path` is relative to its FHIR base; a body is sent as JSON, FHIR's unless the headers say otherwise. */
export async function callAt(
  fhirBase: string,
  ...[token, method, path, body, headers = {}]: Asked
): Promise<Answer> {
  const response = await fetch(`${fhirBase}/${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body && { 'Content-Type': 'application/fhir+json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? {} : (JSON.parse(text) as JsonObject),
  };
}
