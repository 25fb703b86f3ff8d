import { MAX_TRANSACTION_BYTES } from '@fhir-fabric-gateway/chaincode';
import { collections, endorsementPolicy } from './lifecycle/collection.ts';
import { BLOCK_PRIVATE_BYTES, defineNetwork, organisation } from './definition.ts';

test('the private data of a full block fits into what travels with it in one message', () => {
  const { batch } = defineNetwork();
  expect(batch.maxMessageCount).toBeGreaterThan(0);
  expect(batch.maxMessageCount * MAX_TRANSACTION_BYTES).toBeLessThanOrEqual(BLOCK_PRIVATE_BYTES);
});

test.each([
  { peers: 1, requiredPeerCount: 0, maxPeerCount: 0 },
  { peers: 2, requiredPeerCount: 1, maxPeerCount: 2 },
])(
  'with $peers peer(s) each, an endorser sends private data to $maxPeerCount, and $requiredPeerCount must confirm',
  (expected) => {
    const { peers, ...counts } = expected;
    expect(collections(defineNetwork({ peers }))).toEqual([
      {
        name: 'ehr',
        policy: "OR('HospitalMSP.member','LabMSP.member')",
        ...counts,
        blockToLive: 0,
        memberOnlyRead: true,
        memberOnlyWrite: true,
        endorsementPolicy: { signaturePolicy: "AND('HospitalMSP.peer','LabMSP.peer')" },
      },
    ]);
  },
);

test('a further member holds the private data, and endorsement stays the founders’', () => {
  const network = defineNetwork();
  const joined = {
    ...network,
    organisations: [...network.organisations, organisation('clinic', 2, network.basePort, 1)],
  };
  expect(endorsementPolicy(joined)).toBe(endorsementPolicy(network));
  expect(collections(joined)[0]).toMatchObject({
    policy: "OR('HospitalMSP.member','LabMSP.member','ClinicMSP.member')",
    maxPeerCount: 2,
  });
});

test.each([0, 3, 1.5])('%p peers are refused', (peers) => {
  expect(() => defineNetwork({ peers })).toThrow(`an organisation has 1 or 2 peers, not ${peers}`);
});
