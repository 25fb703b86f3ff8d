import { setTimeout } from 'node:timers/promises';
import { LedgerError, type LedgerErrorCode } from '@fhir-fabric-gateway/chaincode/api';

/** How long somebody waits for what others have yet to do. */
export interface Patience {
  /** Told why it waits, at first and now and then; may throw, to wait no longer. */
  waiting: (why: string) => void;
  signal: AbortSignal;
}

/** Milliseconds. */
const PAUSE = 1000;
/** Attempts from one line to the next. */
const LINES = 60;

const UNREACHABLE: readonly LedgerErrorCode[] = ['UNAVAILABLE', 'CONFLICT', 'UNDECIDED'];

/**
 * Does what may be done again until it is done, as long as the ledger can't be reached, or answers a code of `waitsFor`,
 * which says why that is. Rejects with any other error, and when the signal is aborted.
 */
export async function untilDone<T>(
  work: () => Promise<T>,
  { waiting, signal }: Patience,
  waitsFor: Partial<Record<LedgerErrorCode, string>> = {},
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const code = error instanceof LedgerError ? error.code : 'INTERNAL';
      const why = waitsFor[code] ?? (UNREACHABLE.includes(code) ? 'the ledger cannot be reached' : undefined);
      if (why === undefined) throw error;
      if (attempt % LINES === 0) waiting(why);
    }
    await setTimeout(PAUSE, undefined, { signal });
  }
}
