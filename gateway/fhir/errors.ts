/** IssueType codes that the gateway uses. https://hl7.org/fhir/R4/valueset-issue-type.html */
export type IssueCode =
  | 'invalid'
  | 'structure'
  | 'required'
  | 'value'
  | 'invariant'
  | 'security'
  | 'login'
  | 'expired'
  | 'forbidden'
  | 'processing'
  | 'not-supported'
  | 'duplicate'
  | 'multiple-matches'
  | 'not-found'
  | 'deleted'
  | 'too-long'
  | 'code-invalid'
  | 'extension'
  | 'too-costly'
  | 'business-rule'
  | 'conflict'
  | 'transient'
  | 'timeout'
  | 'throttled'
  | 'exception'
  | 'incomplete'
  | 'informational';

export interface Issue {
  severity?: 'fatal' | 'error' | 'warning' | 'information';
  code: IssueCode;
  /** For people; it never repeats content that the caller might not see. */
  diagnostics: string;
  /** FHIRPath of the element, `Observation.status`. */
  expression?: readonly string[];
  /** `details.coding[0].code`, of the system OUTCOME_SYSTEM. */
  detail?: string;
}

export const OUTCOME_SYSTEM = 'http://fhir-fabric-gateway.org/CodeSystem/outcome';

/** An answer other than success. Thrown by every step; turned into status and OperationOutcome in one place. */
export class FhirError extends Error {
  readonly status: number;
  readonly issues: readonly Issue[];
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: number,
    issues: Issue | readonly Issue[],
    headers: Readonly<Record<string, string>> = {},
  ) {
    const list: readonly Issue[] = 'code' in issues ? [issues] : issues;
    super(list[0]?.diagnostics ?? String(status));
    this.name = 'FhirError';
    this.status = status;
    this.issues = list;
    this.headers = headers;
  }
}

export const notFound = (reference: string): FhirError =>
  new FhirError(404, { code: 'not-found', diagnostics: `${reference} is not known` });

export const gone = (reference: string): FhirError =>
  new FhirError(410, { code: 'deleted', diagnostics: `${reference} was deleted` });

export const forbidden = (diagnostics: string): FhirError =>
  new FhirError(403, { code: 'forbidden', diagnostics });

/** The caller has no grant of the patient; they can ask for one with a proposed Consent. */
export const consentRequired = (): FhirError =>
  new FhirError(403, {
    code: 'forbidden',
    detail: 'consent-required',
    diagnostics: 'The patient has not granted this. Ask by a Consent with status proposed.',
  });

export const badRequest = (diagnostics: string, expression?: string): FhirError =>
  new FhirError(400, {
    code: 'invalid',
    diagnostics,
    ...(expression !== undefined && { expression: [expression] }),
  });
