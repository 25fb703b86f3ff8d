import { LedgerError } from '@fhir-fabric-gateway/chaincode/api';
import { ConfigError } from '../config.ts';
import { LockedError } from '../storage/lock.ts';
import { startFailure } from './start-failure.ts';

test('what an operator can mend is a sentence, and what is our fault says where', () => {
  expect(startFailure(new ConfigError('PORT is no number'))).toBe('PORT is no number');
  expect(startFailure(new LockedError('in use'))).toBe('in use');
  expect(startFailure(new LedgerError('BAD_IDENTITY'))).toMatch(
    /identities that are in DATA_DIR.*another ledger/,
  );
  expect(startFailure(new TypeError('oh'))).toContain('start-failure.test.ts');
  expect(startFailure('oh')).toBe('oh');
});
