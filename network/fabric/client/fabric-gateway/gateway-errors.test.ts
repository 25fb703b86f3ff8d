import { status } from '@grpc/grpc-js';
import { GatewayError } from '@hyperledger/fabric-gateway';
import { endorseError, isDown, orderError } from './gateway-errors.ts';

const BOTH = ['HospitalMSP', 'LabMSP'];
const REFUSED =
  'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:7050: connect: connection refused"';

function error(code: status, message: string, ...details: (readonly [mspId: string, message: string])[]) {
  return new GatewayError({
    code,
    message,
    details: details.map(([mspId, detail]) => ({ mspId, message: detail, address: '127.0.0.1:1' })),
    cause: Object.assign(new Error(message), { code, details: message, metadata: {} }) as never,
  });
}

test.each<[string, GatewayError, object]>([
  [
    'what the contract says at both organisations',
    error(
      status.ABORTED,
      'failed',
      ['HospitalMSP', 'chaincode response 500, STALE@2'],
      ['LabMSP', 'chaincode response 500, STALE@2'],
    ),
    { code: 'STALE', index: 2 },
  ],
  [
    'a message that is too large',
    error(status.RESOURCE_EXHAUSTED, 'received message larger than max'),
    { code: 'TOO_LARGE' },
  ],
  [
    'too many calls at a time',
    error(status.RESOURCE_EXHAUSTED, 'too many requests'),
    { code: 'UNAVAILABLE' },
  ],
  [
    'no peer of the lab',
    error(status.UNAVAILABLE, 'failed to find any endorsing peers for org(s): LabMSP'),
    { code: 'UNAVAILABLE' },
  ],
  [
    'a request that is none',
    error(status.INVALID_ARGUMENT, 'an endorse request is required'),
    { code: 'INTERNAL' },
  ],
])('%s', (_what, failure, told) => {
  expect(endorseError(failure, BOTH)).toMatchObject(told);
});

test('only a peer that does not answer has another asked', () => {
  expect(isDown(error(status.UNAVAILABLE, 'No connection established'))).toBe(true);
  expect(isDown(error(status.DEADLINE_EXCEEDED, 'Deadline exceeded'))).toBe(true);
  expect(isDown(error(status.UNAVAILABLE, 'no orderers', ['OrdererMSP', REFUSED]))).toBe(false);
  expect(isDown(error(status.ABORTED, 'failed'))).toBe(false);
  expect(isDown(new Error('ours'))).toBe(false);
});

const ORDERERS = 3;
test.each<[string, unknown, 'never' | 'perhaps', string | undefined]>([
  [
    'no connection to the own peer',
    error(status.UNAVAILABLE, '14 UNAVAILABLE: No connection established. Last error: connect ECONNREFUSED'),
    'never',
    undefined,
  ],
  [
    'a connection that was lost',
    error(status.UNAVAILABLE, '14 UNAVAILABLE: Connection dropped'),
    'perhaps',
    undefined,
  ],
  ['an answer that did not come', error(status.DEADLINE_EXCEEDED, 'Deadline exceeded'), 'perhaps', undefined],
  [
    'no connection to any orderer',
    error(
      status.UNAVAILABLE,
      'no orderers could',
      ...Array.from({ length: ORDERERS }, () => ['OrdererMSP', REFUSED] as const),
    ),
    'never',
    undefined,
  ],
  [
    'an orderer that answered that it can not',
    error(status.UNAVAILABLE, 'no orderers could', ['OrdererMSP', REFUSED], ['OrdererMSP', REFUSED]),
    'perhaps',
    undefined,
  ],
  [
    'orderers that all answered so',
    error(status.UNAVAILABLE, 'no orderers could successfully process transaction'),
    'perhaps',
    undefined,
  ],
  [
    'an orderer whose connection was lost',
    error(
      status.UNAVAILABLE,
      'no orderers could',
      ['OrdererMSP', REFUSED],
      ['OrdererMSP', REFUSED],
      ['OrdererMSP', 'rpc error: code = Unavailable desc = error reading from server: EOF'],
    ),
    'perhaps',
    undefined,
  ],
  [
    'an envelope that is too large',
    error(
      status.ABORTED,
      'received unsuccessful response from orderer: status=REQUEST_ENTITY_TOO_LARGE, info=x',
    ),
    'never',
    'TOO_LARGE',
  ],
  [
    'a signature that does not count',
    error(status.ABORTED, 'received unsuccessful response from orderer: status=FORBIDDEN, info=x'),
    'never',
    'BAD_IDENTITY',
  ],
  ['an error of our own', new Error('ours'), 'perhaps', undefined],
])('whether an envelope was taken after %s', (_what, failure, taken, refusal) => {
  const found = orderError(failure, ORDERERS);
  expect([found.taken, found.refusal?.code]).toEqual([taken, refusal]);
});
