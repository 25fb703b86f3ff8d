import { connect, hash, type CloseableAsyncIterable, type Gateway } from '@hyperledger/fabric-gateway';
import type { StoredIdentity } from '@fhir-fabric-gateway/chaincode/api';
import type { Call } from '../../../submit/call.ts';
import { ledgerError } from '../../../submit/errors.ts';
import { blockStatus, rawBlockWithPrivateData } from '../block/message.ts';
import type { RawBlock } from '../block/raw-block.ts';
import type { Connection } from '../connection.ts';
import { endorseWithin } from '../endorse-within.ts';
import {
  OrderingFailure,
  type BlockStatus,
  type EndorsedTransaction,
  type FabricClient,
} from '../fabric-client.ts';
import { Failover, type Connected } from '../failover.ts';
import { endorseError, isDown, orderError } from './gateway-errors.ts';
import { parseSigningKey, signLowS } from '../signature.ts';

const SECOND = 1000;
const ORDER_WITHIN = 10 * SECOND;
const EVALUATE_WITHIN = 10 * SECOND;
const IDENTITIES_REMEMBERED = 1000;

const within = (milliseconds: number) => ({ deadline: Date.now() + milliseconds });

/**
 * Fabric through @hyperledger/fabric-gateway: an own peer has its gateway service ask the other organisations' peers
 * and the orderers. One connection a peer serves all identities; each signs with its own key, offline.
 */
export class GatewayClient implements FabricClient {
  readonly #connection: Connection;
  readonly #organisations: string[];
  readonly #peers: Failover;
  readonly #signing = new Map<string, Signing>();

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#organisations = connection.organisations
      .filter(({ endorses }) => endorses)
      .map(({ mspId }) => mspId);
    const own = connection.organisations.find(({ mspId }) => mspId === connection.mspId);
    this.#peers = new Failover(own?.peers ?? []);
  }

  async endorse(identity: StoredIdentity, call: Call): Promise<EndorsedTransaction> {
    const signing = this.#signingOf(identity);
    const { channel, chaincode } = this.#connection;
    try {
      return await this.#peers.attempt(async (peer) => {
        const proposal = signing
          .at(peer)
          .getNetwork(channel)
          .getContract(chaincode)
          .newProposal(call.fn, { ...argumentsOf(call), endorsingOrganizations: this.#organisations });
        const transaction = await proposal.endorse(within(endorseWithin(call)));
        const signature = signing.sign(transaction.getDigest());
        const bytes = transaction.getBytes();
        return {
          txId: transaction.getTransactionId(),
          response: transaction.getResult(),
          order: () => this.#order(signing, bytes, signature),
        };
      }, isDown);
    } catch (error) {
      throw endorseError(error, this.#organisations);
    }
  }

  async evaluate(identity: StoredIdentity, chaincode: string, call: Call): Promise<Uint8Array> {
    const signing = this.#signingOf(identity);
    const { channel, mspId } = this.#connection;
    try {
      return await this.#peers.attempt(async (peer) => {
        const contract = signing.at(peer).getNetwork(channel).getContract(chaincode);
        const proposal = contract.newProposal(call.fn, {
          ...argumentsOf(call),
          endorsingOrganizations: [mspId],
        });
        try {
          return await proposal.evaluate(within(EVALUATE_WITHIN));
        } catch (error) {
          // This it answers alone; what others take part in may be late for them.
          if (isDown(error)) this.#peers.failed(peer);
          throw error;
        }
      }, isDown);
    } catch (error) {
      throw endorseError(error, [mspId]);
    }
  }

  async *blocks(reader: StoredIdentity, from: number, signal: AbortSignal): AsyncGenerator<RawBlock> {
    const events = this.#events(reader, signal, (network) =>
      network.getBlockAndPrivateDataEvents({ startBlock: BigInt(from) }),
    );
    for await (const message of events) yield rawBlockWithPrivateData(message);
  }

  async *statuses(reader: StoredIdentity, from: number, signal: AbortSignal): AsyncGenerator<BlockStatus> {
    const events = this.#events(reader, signal, (network) =>
      network.getFilteredBlockEvents({ startBlock: BigInt(from) }),
    );
    for await (const block of events) yield blockStatus(block);
  }

  close(): void {
    this.#peers.close();
  }

  /** Through one own peer or, while they are down, the next. What one of them may have passed on, may be taken. */
  async #order(signing: Signing, bytes: Uint8Array, signature: Uint8Array): Promise<void> {
    const { orderers } = this.#connection;
    const failures: OrderingFailure[] = [];
    try {
      await this.#peers.attempt(async (peer) => {
        try {
          await signing.at(peer).newSignedTransaction(bytes, signature).submit(within(ORDER_WITHIN));
        } catch (error) {
          failures.push(orderError(error, orderers.length));
          throw error;
        }
      }, isDown);
    } catch (error) {
      const perhaps = failures.find(({ taken }) => taken === 'perhaps');
      throw perhaps ?? failures.at(-1) ?? new OrderingFailure('perhaps', error);
    }
  }

  async *#events<T>(
    reader: StoredIdentity,
    signal: AbortSignal,
    open: (network: ReturnType<Gateway['getNetwork']>) => Promise<CloseableAsyncIterable<T>>,
  ): AsyncGenerator<T> {
    if (signal.aborted) return;
    const peer = this.#peers.current();
    const network = this.#signingOf(reader).at(peer).getNetwork(this.#connection.channel);
    const over = AbortSignal.any([signal, this.#peers.whileGood(peer)]);
    const events = await open(network);
    const close = () => events.close();
    over.addEventListener('abort', close);
    if (over.aborted) close();
    try {
      yield* events;
    } catch (error) {
      if (over.aborted) return;
      this.#peers.failed(peer);
      throw error;
    } finally {
      over.removeEventListener('abort', close);
      close();
    }
  }

  #signingOf(identity: StoredIdentity): Signing {
    const name = `${identity.mspId}\n${identity.certificate}`;
    let signing = this.#signing.get(name);
    if (!signing) {
      signing = new Signing(identity);
      if (this.#signing.size >= IDENTITIES_REMEMBERED) this.#signing.clear();
      this.#signing.set(name, signing);
    }
    return signing;
  }
}

/** An identity that signs. Throws a LedgerError, BAD_IDENTITY, when its key is none. */
class Signing {
  readonly sign: (message: Uint8Array) => Buffer;
  readonly #identity: StoredIdentity;
  readonly #gateways = new Map<Connected, Gateway>();

  constructor(identity: StoredIdentity) {
    this.#identity = identity;
    try {
      const key = parseSigningKey(identity.privateKey);
      this.sign = (message) => signLowS(key, message);
    } catch (cause) {
      throw ledgerError('BAD_IDENTITY', cause);
    }
  }

  /** The library's handle on a peer in this identity's name. What it signs it does not hash: `sign` does. */
  at(peer: Connected): Gateway {
    const known = this.#gateways.get(peer);
    if (known) return known;
    const { mspId, certificate } = this.#identity;
    const gateway = connect({
      client: peer.client,
      identity: { mspId, credentials: Buffer.from(certificate) },
      signer: async (message) => this.sign(message),
      hash: hash.none,
    });
    this.#gateways.set(peer, gateway);
    return gateway;
  }
}

function argumentsOf({ args, transient }: Call) {
  return {
    arguments: [...args],
    ...(transient.size > 0 && { transientData: Object.fromEntries(transient) }),
  };
}
