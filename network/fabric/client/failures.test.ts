import { LedgerError } from '@fhir-fabric-gateway/chaincode/api';
import { TransientFailure } from '../../submit/errors.ts';
import { endorsementFailure, type PeerFailure } from './failures.ts';

const BOTH = ['HospitalMSP', 'LabMSP'];
const says = (mspId: string, message: string, from: PeerFailure['from'] = 'chaincode') => ({
  mspId,
  message,
  from,
});

test('what both organisations refuse is refused, with the command’s place', () => {
  const failure = endorsementFailure(
    BOTH.map((mspId) => says(mspId, 'NOT_GRANTED@3')),
    BOTH,
  );
  expect(failure).toBeInstanceOf(LedgerError);
  expect(failure).toMatchObject({ code: 'NOT_GRANTED', index: 3 });
});

test.each<[string, PeerFailure[], object]>([
  ['one endorses and the other refuses', [says('LabMSP', 'NOT_FOUND@0')], { code: 'NOT_FOUND' }],
  [
    'both refuse, differently',
    [says('LabMSP', 'STALE@0'), says('HospitalMSP', 'STALE@1')],
    { code: 'STALE' },
  ],
  [
    'one refuses and the other is down',
    [says('LabMSP', 'EXISTS@0'), says('HospitalMSP', 'connection refused', 'peer')],
    { code: 'EXISTS' },
  ],
  [
    'what they endorsed differs',
    [says('LabMSP', 'ProposalResponsePayloads do not match', 'peer')],
    { code: 'CONFLICT' },
  ],
  [
    'private data is late',
    [
      says(
        'LabMSP',
        'GET_STATE failed: private data matching public hash version is not available. Public hash version = {BlockNum: 4}',
      ),
    ],
    { code: 'UNAVAILABLE' },
  ],
])('that %s passes, and what the caller is told if it does not', (_what, failures, told) => {
  const failure = endorsementFailure(failures, BOTH);
  expect(failure).toBeInstanceOf(TransientFailure);
  expect((failure as TransientFailure).failure).toMatchObject(told);
});

test.each<[string, PeerFailure[], object]>([
  ['peers that are down', [says('LabMSP', 'connection refused', 'peer')], { code: 'UNAVAILABLE' }],
  [
    'a chaincode that does not run',
    [says('LabMSP', 'could not launch chaincode ehr', 'peer')],
    { code: 'UNAVAILABLE' },
  ],
  [
    'a certificate that does not hold',
    [
      says(
        'HospitalMSP',
        'error validating proposal: access denied: channel [mychannel] creator org [HospitalMSP]',
        'peer',
      ),
    ],
    { code: 'BAD_IDENTITY' },
  ],
  [
    'a chaincode that says what it may not',
    BOTH.map((mspId) => says(mspId, 'Jane Doe')),
    { code: 'INTERNAL' },
  ],
])('%s', (_what, failures, told) => {
  const failure = endorsementFailure(failures, BOTH);
  expect(failure).toBeInstanceOf(LedgerError);
  expect(failure).toMatchObject(told);
});
