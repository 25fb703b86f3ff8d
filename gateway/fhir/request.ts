import type { Compartment } from '@fhir-fabric-gateway/mappings';
import type { Principal } from '../principal.ts';
import type { AuditTrail } from '../audit/trail.ts';
import type { ParsedDocument } from './json/parse.ts';
import type { Resource } from './resource.ts';

/** `Prefer`, https://hl7.org/fhir/R4/http.html#ops and #prefer. */
export interface Prefer {
  /** By default a single write answers with the resource, a transaction without. */
  return?: 'minimal' | 'representation' | 'OperationOutcome';
  lenient: boolean;
}

/** A body that was parsed: `exact` holds numbers as they were written, when that makes a difference. */
export interface RequestBody {
  resource: Resource;
  exact?: Resource;
}

/** One FHIR interaction, free of HTTP. A batch entry is one as well. */
export interface FhirRequest {
  /** Path parameters of the route. */
  type?: string;
  id?: string;
  version?: string;
  /** Of a search within a compartment: whose `id` is; a Patient's if nothing is said. */
  compartment?: Compartment;
  /** Name of the operation that is called, without its `$`. */
  operation?: string;
  /** Query parameters in order, decoded; those of a `_search` body come after those of the URL. */
  query: readonly (readonly [name: string, value: string])[];
  body?: RequestBody;
  /** The body of a PATCH that is a JSON Patch. */
  jsonPatch?: ParsedDocument;
  ifMatch?: string;
  ifNoneMatch?: string;
  ifModifiedSince?: string;
  ifNoneExist?: string;
  idempotencyKey?: string;
  prefer: Prefer;
  principal: Principal;
  /** Milliseconds since 1970: when the request came in. */
  now: number;
  requestId: string;
  trail: AuditTrail;
}

export interface FhirResponse {
  status: number;
  headers: Record<string, string>;
  /** JSON, UTF-8. */
  body?: Uint8Array | string;
}
