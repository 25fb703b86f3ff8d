import type { StoredResource } from '../../index-store/port.ts';
import type { Services } from '../../services.ts';
import { operationOutcome } from '../http/outcome.ts';
import type { FhirRequest, FhirResponse } from '../request.ts';

export const etag = (version: number): string => `W/"${version}"`;

export function versionHeaders(stored: StoredResource): Record<string, string> {
  return { ETag: etag(stored.version), 'Last-Modified': new Date(stored.lastUpdated).toUTCString() };
}

export function respondWithResource(stored: StoredResource, status = 200): FhirResponse {
  return { status, headers: versionHeaders(stored), body: stored.content };
}

/** The answer to a write: location and version, and what `Prefer` asks to be told. */
export function respondToWrite(
  stored: StoredResource,
  status: 200 | 201,
  request: FhirRequest,
  services: Services,
): FhirResponse {
  const location = `${services.fhirBase}/${stored.type}/${stored.id}/_history/${stored.version}`;
  const headers = { ...versionHeaders(stored), ...(status === 201 && { Location: location }) };
  switch (request.prefer.return) {
    case 'minimal':
      return { status, headers };
    case 'OperationOutcome':
      return {
        status,
        headers,
        body: operationOutcome([
          {
            severity: 'information',
            code: 'informational',
            diagnostics: `${stored.type}/${stored.id} was written.`,
          },
        ]),
      };
    case 'representation':
    case undefined:
      return { status, headers, body: stored.content };
  }
}
