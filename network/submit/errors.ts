import {
  LedgerError,
  OUTCOME_CODES,
  type LedgerErrorCode,
  type OutcomeCode,
} from '@fhir-fabric-gateway/chaincode/api';

/** Why an endorsement failed for a while only; the same commands are endorsed again. */
export class TransientFailure extends Error {
  /** What the caller gets when it does not pass. */
  readonly failure: LedgerError;
  constructor(failure: LedgerErrorCode | LedgerError, reason: string) {
    super(reason);
    this.name = 'TransientFailure';
    this.failure = typeof failure === 'string' ? ledgerError(failure, new Error(reason)) : failure;
  }
}

/** A LedgerError with what caused it, for the log of whoever runs the ledger. */
export function ledgerError(code: LedgerErrorCode, cause: unknown, index = 0): LedgerError {
  const error = new LedgerError(code, index);
  error.cause = cause;
  return error;
}

function isOutcome(code: unknown): code is OutcomeCode {
  return typeof code === 'string' && (OUTCOME_CODES as readonly string[]).includes(code);
}

/** The chaincode's `CODE@index`; any other message is INTERNAL. The one place where its errors are read. */
export function decodeChaincodeError(message: string): LedgerError {
  const [, code, index] = /^([A-Z_]+)@(\d{1,9})$/.exec(message) ?? [];
  if (isOutcome(code) && code !== 'OK') return new LedgerError(code, Number(index));
  return ledgerError('INTERNAL', new Error(message));
}

/** The response of commands: one outcome code each. Throws an Error when it is anything else. */
export function decodeOutcomes(payload: Uint8Array): OutcomeCode[] {
  const value: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
  if (!Array.isArray(value) || !value.every(isOutcome))
    throw new Error('the response is no list of outcomes');
  return value;
}
