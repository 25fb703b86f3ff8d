import type { Definition } from '../definition.ts';
import { allOf } from '../material/configtx.ts';

/** The endorsement that chaincode and collection ask for: a peer of each founder. */
export const endorsementPolicy = ({ founders }: Definition): string => allOf(founders, 'peer');

/** collections.json: private data of every organisation of the network. */
export function collections(network: Definition) {
  const { organisations, founders } = network;
  const second = organisations.some((own) => own.peers.length > 1);
  const members = organisations.length > founders.length;
  return [
    {
      name: network.collection,
      policy: `OR(${network.organisations.map(({ mspId }) => `'${mspId}.member'`).join(',')})`,
      // With one peer an organisation, the other one's may be down: what it lacks it fetches later.
      requiredPeerCount: second ? 1 : 0,
      // Who endorsed has the data; its organisation's other peer and members that do not endorse are to get it. Fabric takes
      // a peer of each organisation first, so nobody is sent it twice by the same peer.
      maxPeerCount: second ? organisations.length : members ? organisations.length - 1 : 0,
      blockToLive: 0,
      memberOnlyRead: true,
      memberOnlyWrite: true,
      endorsementPolicy: { signaturePolicy: endorsementPolicy(network) },
    },
  ];
}
