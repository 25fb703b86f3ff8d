import { LedgerError } from '@fhir-fabric-gateway/chaincode/api';
import { FhirError, consentRequired, forbidden, type IssueCode } from '../errors.ts';

const RETRY = { 'Retry-After': '2' };

/** What a code of the ledger means to a FHIR client. Codes that say what the gateway checked before come from races. */
const ledgerFailures: Record<
  LedgerError['code'],
  readonly [status: number, code: IssueCode, diagnostics: string]
> = {
  BAD_REQUEST: [500, 'exception', 'The ledger did not understand the gateway.'],
  BAD_IDENTITY: [403, 'security', 'The identity is not in good standing on the ledger.'],
  FORBIDDEN: [403, 'forbidden', 'The ledger does not let this identity do that.'],
  NOT_GRANTED: [403, 'forbidden', 'The patient has not granted this.'],
  NOT_FOUND: [404, 'not-found', 'What this refers to is not there.'],
  EXISTS: [409, 'duplicate', 'The id is taken.'],
  STALE: [412, 'conflict', 'The version is not the current one any more.'],
  NOT_UNIQUE: [409, 'duplicate', 'The organisation holds such a resource already.'],
  BAD_SECTION: [
    422,
    'business-rule',
    'A resource of this type cannot be written in this section of the record.',
  ],
  OWNER_CHANGED: [422, 'business-rule', 'An update cannot move a resource to another owner.'],
  ERASED: [404, 'not-found', 'The record is not there.'],
  TOO_LARGE: [413, 'too-long', 'The transaction is larger than the ledger takes.'],
  ABORTED: [409, 'conflict', 'Another entry of the transaction was refused.'],
  CONFLICT: [503, 'transient', 'Others were writing the same; try again.'],
  UNAVAILABLE: [503, 'transient', 'The ledger cannot be reached; nothing was written.'],
  UNDECIDED: [
    202,
    'informational',
    'It was handed to the ledger, which has not answered yet: look before writing again.',
  ],
  INTERNAL: [500, 'exception', 'The ledger failed.'],
};

/** Any error as a FhirError. What is not one of ours is a 500 that says nothing of its cause. */
export function toFhirError(error: unknown): FhirError {
  if (error instanceof FhirError) return error;
  if (error instanceof LedgerError) {
    if (error.code === 'NOT_GRANTED') return consentRequired();
    if (error.code === 'FORBIDDEN') return forbidden(ledgerFailures.FORBIDDEN[2]);
    const [status, code, diagnostics] = ledgerFailures[error.code];
    const severity = status < 400 ? 'information' : 'error';
    return new FhirError(status, { severity, code, diagnostics }, status === 503 ? RETRY : {});
  }
  return new FhirError(500, { severity: 'fatal', code: 'exception', diagnostics: 'The server failed.' });
}
