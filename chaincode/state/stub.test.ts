import type { ChaincodeStub } from 'fabric-shim-api';
import { ask, StubFailure, transactionTime } from './stub.ts';

const at = (seconds: unknown, nanos: number) =>
  transactionTime({ getTxTimestamp: () => ({ seconds, nanos }) } as unknown as ChaincodeStub);

test('the time is in whole milliseconds, however an engine writes seconds', () => {
  const long = { low: 0, high: 0, unsigned: true, toString: () => '1780000000' };
  expect(at(long, 999_999_999)).toBe(1_780_000_000_999);
  expect(at(1_780_000_000, 0)).toBe(1_780_000_000_000);
  expect(at(1_780_000_000n, 1_000_000)).toBe(1_780_000_000_001);
});

test('an error of the ledger is told from one of the contract', async () => {
  const error = new Error('no such collection');
  const failed = await ask(Promise.reject(error)).catch((reason: unknown) => reason);
  expect(failed).toBeInstanceOf(StubFailure);
  expect(failed).toMatchObject({ cause: error });
});
