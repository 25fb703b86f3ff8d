import { toFhirError } from '../http/failure.ts';
import { operationOutcome } from '../http/outcome.ts';
import type { FhirRequest, FhirResponse } from '../request.ts';
import type { Services } from '../../services.ts';
import { issuesWithin } from './entry-errors.ts';
import { bundleRequests, type BundleRequest } from './entries.ts';
import { bundleOf, rawEntry } from './text.ts';
import { statusLine } from './status-line.ts';

/** How entries get where a request of their own would get. */
export interface Dispatch {
  /** Throws 404 or 405 when there is no such interaction. */
  assertRoute(entry: BundleRequest): void;
  /** Runs an entry as a request of its own, with everything that a request goes through. */
  run(entry: BundleRequest, outer: FhirRequest): Promise<FhirResponse>;
}

/** Entries in flight at once: what waits together shares a transaction on the ledger. */
const WIDTH = 64;

/** https://hl7.org/fhir/R4/http.html#brules: each entry on its own; the answers in the order of the entries. */
export async function batch(
  request: FhirRequest,
  services: Services,
  dispatch: Dispatch,
): Promise<FhirResponse> {
  const entries = request.body ? bundleRequests(request.body, services.fhirBase) : [];
  const answers: Uint8Array[] = [];
  let next = 0;
  const run = async () => {
    for (let index = next++; index < entries.length; index = next++) {
      const entry = entries[index];
      if (entry) answers[index] = await answerTo(entry, request, dispatch);
    }
  };
  await Promise.all(Array.from({ length: Math.min(WIDTH, entries.length) }, run));
  return {
    status: 200,
    headers: {},
    body: bundleOf({ type: 'batch-response', id: services.newId(), entries: answers }),
  };
}

/** The answer to an entry that runs by itself: its refusal is in its response. */
export async function answerTo(
  entry: BundleRequest,
  outer: FhirRequest,
  dispatch: Dispatch,
): Promise<Uint8Array> {
  try {
    return responseEntry(await dispatch.run(entry, outer), true);
  } catch (error) {
    const failure = toFhirError(error);
    const issues = issuesWithin(failure.issues, entry);
    return rawEntry({
      rest: {
        response: {
          status: statusLine(failure.status),
          outcome: JSON.parse(operationOutcome(issues)) as object,
        },
      },
    });
  }
}

/** The answer to one entry, as a Bundle has it. */
export function responseEntry({ status, headers, body }: FhirResponse, withResource: boolean): Uint8Array {
  const { Location, ETag } = headers;
  const modified = headers['Last-Modified'];
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return rawEntry({
    ...(withResource && bytes && bytes.length > 0 && { resource: bytes }),
    rest: {
      response: {
        status: statusLine(status),
        ...(Location !== undefined && { location: Location }),
        ...(ETag !== undefined && { etag: ETag }),
        ...(modified !== undefined && { lastModified: new Date(modified).toISOString() }),
      },
    },
  });
}
