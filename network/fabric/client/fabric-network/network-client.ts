import { peer as protos } from '@hyperledger/fabric-protos';
import type { EndorsementResponse, IdentityContext, Proposal } from 'fabric-common';
import { LedgerError, type IdentityStore, type StoredIdentity } from '@fhir-fabric-gateway/chaincode/api';
import type { Call } from '../../../submit/call.ts';
import { ledgerError } from '../../../submit/errors.ts';
import type { RawBlock } from '../block/raw-block.ts';
import type { Connection } from '../connection.ts';
import { endorseWithin } from '../endorse-within.ts';
import type { BlockStatus, EndorsedTransaction, FabricClient } from '../fabric-client.ts';
import { endorsementFailure } from '../failures.ts';
import { askPeers } from './ask-peers.ts';
import { ChannelAccess } from './channel-access.ts';
import { eventStream } from './event-stream.ts';
import { blockStatusOf, rawBlockOf } from './messages.ts';
import { order } from './order.ts';

const SECOND = 1000;
const EVALUATE_WITHIN = 10 * SECOND;

/** Opens Fabric through fabric-network, which asks the peers of each organisation, and the orderers, itself. */
export function openNetworkClient(connection: Connection, identities: IdentityStore): FabricClient {
  return new NetworkClient(connection, identities);
}

class NetworkClient implements FabricClient {
  readonly #connection: Connection;
  readonly #organisations: string[];
  readonly #access: ChannelAccess;

  constructor(connection: Connection, identities: IdentityStore) {
    this.#connection = connection;
    this.#access = new ChannelAccess(connection, identities);
    this.#organisations = connection.organisations
      .filter(({ endorses }) => endorses)
      .map(({ mspId }) => mspId);
  }

  async endorse(identity: StoredIdentity, call: Call): Promise<EndorsedTransaction> {
    const access = await this.#as(identity);
    const endorsement = access.channel.newEndorsement(this.#connection.chaincode);
    build(endorsement, access.context, call);
    const [first, ...others] = await askPeers(access, endorsement, this.#organisations, endorseWithin(call));
    if (!first) throw ledgerError('INTERNAL', new Error('no organisation endorses'));
    if (others.some(({ payload }) => !payload.equals(first.payload)))
      throw endorsementFailure([{ mspId: '', from: 'peer', message: MISMATCH }], this.#organisations);
    const commit = endorsement.newCommit();
    commit.build(access.context);
    commit.sign(access.context);
    return {
      txId: access.context.transactionId,
      response: resultOf(first),
      order: () => order(access.orderers, commit),
    };
  }

  async evaluate(identity: StoredIdentity, chaincode: string, call: Call): Promise<Uint8Array> {
    const access = await this.#as(identity);
    const query = access.channel.newQuery(chaincode);
    build(query, access.context, call);
    const [answer] = await askPeers(access, query, [this.#connection.mspId], EVALUATE_WITHIN);
    if (!answer) throw ledgerError('INTERNAL', new Error('no answer'));
    return resultOf(answer);
  }

  async *blocks(reader: StoredIdentity, from: number, signal: AbortSignal): AsyncGenerator<RawBlock> {
    for await (const message of eventStream(this.#access, reader, 'private', from, signal))
      yield rawBlockOf(message);
  }

  async *statuses(reader: StoredIdentity, from: number, signal: AbortSignal): AsyncGenerator<BlockStatus> {
    for await (const message of eventStream(this.#access, reader, 'filtered', from, signal))
      yield blockStatusOf(message);
  }

  close(): void {
    this.#access.close();
  }

  async #as(identity: StoredIdentity) {
    try {
      return await this.#access.as(identity);
    } catch (error) {
      throw error instanceof LedgerError ? error : ledgerError('UNAVAILABLE', error);
    }
  }
}

const MISMATCH = 'ProposalResponsePayloads do not match';

function build(proposal: Proposal, context: IdentityContext, { fn, args, transient }: Call): void {
  proposal.build(context, {
    fcn: fn,
    args: [...args],
    transientMap: Object.fromEntries(
      [...transient].map(([name, bytes]) => [
        name,
        Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
      ]),
    ),
    generateTransactionId: false,
  });
  proposal.sign(context);
}

/** What the function answered, as the endorsement has it. */
function resultOf({ payload }: EndorsementResponse): Uint8Array {
  const answered = protos.ProposalResponsePayload.deserializeBinary(payload);
  const action = protos.ChaincodeAction.deserializeBinary(answered.getExtension_asU8());
  return action.getResponse()?.getPayload_asU8() ?? new Uint8Array(0);
}
