import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Client, credentials } from '@grpc/grpc-js';
import { connect, GatewayError, signers, type Gateway } from '@hyperledger/fabric-gateway';
import { tlsRootOf } from '../channel/join.ts';
import type { KeyPair } from '../certificates/ca.ts';
import type { Node, Organisation } from '../definition.ts';
import type { Network } from '../network.ts';
import { addressOf } from '../placement.ts';

const CALL_LIMIT = 15_000;
/** A function that the contract does not have, and what it answers: with a code of its own, reading and writing nothing. */
const QUESTION = 'Ping';
const ANSWER = 'BAD_REQUEST@0';

/** Who asks, through which peer of which organisation. */
export interface Asking {
  readonly own: Organisation;
  readonly node: Node;
  readonly mspId: string;
  readonly member: KeyPair;
}

/** A member's connection to the gateway service of a peer; both parts are to be closed. */
export function connectAs(
  network: Network,
  { own, node, mspId, member }: Asking,
): { gateway: Gateway; client: Client } {
  const root = readFileSync(tlsRootOf(network, own));
  const client = new Client(addressOf(network.placement, node), credentials.createSsl(root), {
    'grpc.ssl_target_name_override': node.name,
  });
  const gateway = connect({
    client,
    identity: { mspId, credentials: Buffer.from(member.certificate) },
    signer: signers.newPrivateKeySigner(createPrivateKey(member.privateKey)),
    endorseOptions: () => ({ deadline: Date.now() + CALL_LIMIT }),
  });
  return { gateway, client };
}

/** What became of a question: the peers at which the chaincode answered, and what went wrong, if anything did. */
export interface Pong {
  readonly answered: ReadonlySet<string>;
  readonly problem: string;
}

/**
 * Asks the chaincode something at every peer of the channel, through the gateway service of one. Nothing is sent to the
 * orderers.
 */
export async function ping(network: Network, asking: Asking): Promise<Pong> {
  const { channel, chaincode, organisations } = network.definition;
  const { gateway, client } = connectAs(network, asking);
  try {
    await gateway
      .getNetwork(channel)
      .getContract(chaincode)
      .newProposal(QUESTION, { endorsingOrganizations: organisations.map((org) => org.mspId) })
      .endorse();
    return { answered: new Set(), problem: `it has a function ${QUESTION}` };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return {
      answered: new Set(
        error.details.filter(({ message }) => message.endsWith(ANSWER)).map(({ address }) => address),
      ),
      problem: [error.message, ...error.details.map(({ address, message }) => `${address}: ${message}`)].join(
        '; ',
      ),
    };
  } finally {
    gateway.close();
    client.close();
  }
}
