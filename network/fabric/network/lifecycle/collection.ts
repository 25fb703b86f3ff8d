import type { Definition } from '../definition.ts';
import { allOf } from '../material/configtx.ts';

/** The endorsement that chaincode and collection ask for: a peer of each founder. */
export const endorsementPolicy = ({ founders }: Definition): string => allOf(founders, 'peer');

/** collections.json: private data of every organisation of the network. */
export function collections(network: Definition) {
  const peers = network.organisations.flatMap((own) => own.peers).length;
  const second = network.organisations.some((own) => own.peers.length > 1);
  return [
    {
      name: network.collection,
      policy: `OR(${network.organisations.map(({ mspId }) => `'${mspId}.member'`).join(',')})`,
      // With one peer an organisation, the other one's may be down: what it lacks it fetches later.
      requiredPeerCount: second ? 1 : 0,
      maxPeerCount: peers - 1,
      blockToLive: 0,
      memberOnlyRead: true,
      memberOnlyWrite: true,
      endorsementPolicy: { signaturePolicy: endorsementPolicy(network) },
    },
  ];
}
