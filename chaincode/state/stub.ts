import type { ChaincodeStub } from 'fabric-shim-api';

/** What the contract uses of Fabric's stub, and all that an engine which runs it has to provide. */
export type Stub = Pick<
  ChaincodeStub,
  | 'getFunctionAndParameters'
  | 'getTransient'
  | 'getTxTimestamp'
  | 'getState'
  | 'putState'
  | 'getPrivateData'
  | 'putPrivateData'
  | 'deletePrivateData'
  | 'purgePrivateData'
>;

/** The ledger itself failed to read or write (Fabric: a private value that isn't there yet). Passed on as it is. */
export class StubFailure extends Error {
  constructor(cause: unknown) {
    super('the stub failed', { cause });
    this.name = 'StubFailure';
  }
}

/** Runs one call of the stub; its errors become StubFailures, so that nobody takes them for errors of the contract. */
export async function ask<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw new StubFailure(error);
  }
}

/** The transaction's time in milliseconds since 1970: the client's claim. `seconds` is a Long, or what an engine has. */
export function transactionTime(stub: Stub): number {
  const { seconds, nanos } = stub.getTxTimestamp();
  const whole: unknown = seconds;
  return Number(String(whole)) * 1000 + Math.floor(nanos / 1_000_000);
}
