import { LedgerError } from '@fhir-fabric-gateway/chaincode/api';
import { ConfigError } from '../config.ts';
import { LockedError } from '../storage/lock.ts';

/** What is said of an error that ended a start: a sentence where it says what to do, else where it came from. */
export function startFailure(error: unknown): string {
  if (error instanceof ConfigError || error instanceof LockedError) return error.message;
  if (error instanceof LedgerError && error.code === 'BAD_IDENTITY')
    return 'The ledger does not take the identities that are in DATA_DIR: they are another ledger’s, or were revoked.';
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
