import { Refusal } from './refusal.ts';
import { StubFailure } from './state/stub.ts';

/**
 * The error that leaves the chaincode: `CODE@index`. Errors of the peer go through as they came, since the client goes
 * by them; of any other nothing is told but that it was internal, for its text might quote what must not get out.
 */
export function failure(error: unknown, index: number): unknown {
  if (error instanceof StubFailure) return error.cause;
  return new Error(`${error instanceof Refusal ? error.code : 'INTERNAL'}@${String(index)}`);
}
