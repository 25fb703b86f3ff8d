import { decodeChaincodeError, decodeOutcomes } from './errors.ts';

test.each([
  ['NOT_GRANTED@3', 'NOT_GRANTED', 3],
  ['TOO_LARGE@0', 'TOO_LARGE', 0],
  ['INTERNAL@0', 'INTERNAL', 0],
  ['OK@0', 'INTERNAL', 0],
  ['NO_SUCH_CODE@1', 'INTERNAL', 0],
  ['NOT_GRANTED', 'INTERNAL', 0],
  ['NOT_GRANTED@3 for Maragret', 'INTERNAL', 0],
  ['', 'INTERNAL', 0],
])('the chaincode’s %j is %s at %i', (message, code, index) => {
  expect(decodeChaincodeError(message)).toMatchObject({ name: 'LedgerError', code, index });
});

test('a response is a list of outcomes, or an error', () => {
  const bytes = (text: string) => Buffer.from(text);
  expect(decodeOutcomes(bytes('["OK","STALE"]'))).toEqual(['OK', 'STALE']);
  for (const text of ['', '{}', '["MAYBE"]', '[1]']) expect(() => decodeOutcomes(bytes(text))).toThrow(Error);
});
