/**
 * Every way in which a command can end. `OK` aside, each is an error code; nothing else about a refusal leaves the
 * chaincode, since responses are kept in blocks for ever.
 */
export const OUTCOME_CODES = [
  'OK',
  /** The arguments are not of the command's schema. */
  'BAD_REQUEST',
  /** The certificate's role, MSP or identity entry does not hold: not registered, disabled, of a role its CA may not issue. */
  'BAD_IDENTITY',
  /** The role may never do this. */
  'FORBIDDEN',
  /** The role may, but no grant covers it. */
  'NOT_GRANTED',
  /** The record, entry, organisation or identity is not there (or is a tombstone). */
  'NOT_FOUND',
  /** The id is taken, or the record is there already. */
  'EXISTS',
  /** The expected version is not the current one. */
  'STALE',
  /** A unique criterion is held by another resource. */
  'NOT_UNIQUE',
  /** The section is none that the type can have, the home is not the type's, or an update would change the owner. */
  'BAD_SECTION',
  'OWNER_CHANGED',
  /** The record is being erased, or was. */
  'ERASED',
  /** The transaction is larger than a block may carry. */
  'TOO_LARGE',
  /** Another command of the same atomic transaction failed. */
  'ABORTED',
] as const;

export type OutcomeCode = (typeof OUTCOME_CODES)[number];

/**
 * Errors of the ledger itself, added by `network/`. After CONFLICT (others went on writing the same) and UNAVAILABLE
 * (it could not be reached, or could not do it now) nothing was written and nothing will be: the client may try again.
 * UNDECIDED is the one that says neither: the transaction was handed over to be ordered, and whether it was committed
 * could not be learnt in time. It may still be: to write it again may write it twice.
 */
export type LedgerErrorCode =
  Exclude<OutcomeCode, 'OK'> | 'CONFLICT' | 'UNAVAILABLE' | 'UNDECIDED' | 'INTERNAL';

/** A command that the ledger refused, or a ledger that could not be reached. `index` is the command's place in its transaction. */
export class LedgerError extends Error {
  readonly code: LedgerErrorCode;
  readonly index: number;
  constructor(code: LedgerErrorCode, index = 0) {
    super(code);
    this.name = 'LedgerError';
    this.code = code;
    this.index = index;
  }
}
