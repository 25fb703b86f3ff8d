import type { KeyPair } from '../network/certificates/ca.ts';
import { ping } from '../network/lifecycle/ping.ts';
import { organisationNamed, type Network } from '../network/network.ts';

/** Whether the chaincode answers a member, asked at every peer through the first one of the organisation `at`. */
export async function pingAs(
  network: Network,
  mspId: string,
  member: KeyPair,
  at: string,
): Promise<'answered' | 'refused'> {
  const own = organisationNamed(network, at);
  const [node] = own.peers;
  if (!node) throw new RangeError(`${at} has no peer`);
  const { answered } = await ping(network, { own, node, mspId, member });
  return answered.size > 0 ? 'answered' : 'refused';
}
