import { randomBytes } from 'node:crypto';
import {
  LedgerError,
  type Command,
  type IdentityRef,
  type IdentityStore,
  type Ledger,
  type LedgerBlock,
  type Query,
  type Receipt,
  type StoredIdentity,
} from '@fhir-fabric-gateway/chaincode/api';
import type { FabricConfig } from '../../config.ts';
import { queryAnswer, queryCall } from '../../submit/call.ts';
import { ledgerError, TransientFailure } from '../../submit/errors.ts';
import { backoff, pause } from './backoff.ts';
import { COLLECTION, decodeBlock, type Scope } from './block/decode-block.ts';
import { blockOfTransaction, chainHeight } from './chain-queries.ts';
import { CommitWatch, type Committed } from './commit-watch.ts';
import { committedPlace } from './committed-place.ts';
import { readConnection, type Connection } from './connection.ts';
import type { FabricClient } from './fabric-client.ts';
import { following, type Trouble } from './following.ts';
import { openClient } from './open-client.ts';
import { OrderingService } from './ordering-service.ts';
import { Ordering } from './ordering.ts';
import { DEFAULT_SUBMIT_LIMITS, Submitter } from './submitter.ts';
import { DEFAULT_TIMING, type Timing } from './timing.ts';

export interface FabricDeps {
  identities: IdentityStore;
  random?: (bytes: number) => Uint8Array;
  /** See `LedgerDeps`. */
  trouble?: Trouble;
}

const EVALUATE_ATTEMPTS = 8;

/**
 * The ledger of a Fabric network, seen from one of its organisations. The network need not be there: what needs it is
 * refused with UNAVAILABLE until it is. Rejects with an Error that says what is wrong with the connection file.
 */
export async function openFabricLedger(config: FabricConfig, deps: FabricDeps): Promise<Ledger> {
  const connection = readConnection(config.connection);
  const client = await openClient(config.adapter ?? connection.adapter, connection, deps.identities);
  return new FabricLedger(client, connection, config, deps);
}

class FabricLedger implements Ledger {
  readonly #client: FabricClient;
  readonly #orderingService: OrderingService;
  readonly #channel: string;
  readonly #scope: Scope;
  readonly #identities: IdentityStore;
  readonly #reader: IdentityRef;
  readonly #timing: Timing;
  readonly #follow: typeof following;
  readonly #watch: CommitWatch;
  readonly #submitter: Submitter;
  readonly #closing = new AbortController();
  #closed: Promise<void> | undefined;

  constructor(
    client: FabricClient,
    connection: Connection,
    { reader, testing }: FabricConfig,
    { identities, random = randomBytes, trouble }: FabricDeps,
  ) {
    const { channel, chaincode } = connection;
    this.#client = client;
    this.#orderingService = new OrderingService(connection);
    this.#channel = channel;
    this.#scope = { chaincode, collection: COLLECTION };
    this.#identities = identities;
    this.#reader = reader;
    this.#follow = (open, from, signal) => following(open, from, signal, trouble);
    this.#timing = { ...DEFAULT_TIMING, ...testing?.timing };
    this.#watch = new CommitWatch(
      () => this.height(),
      (from, signal) => this.#follow((next, on) => this.#statuses(next, on), from, signal),
    );
    this.#submitter = new Submitter({
      client,
      ordering: new Ordering(this.#watch, this.#timing, (txId) => this.#lookUp(txId)),
      identities,
      random,
      limits: { ...DEFAULT_SUBMIT_LIMITS, ...testing?.limits },
      patience: this.#timing.patience,
    });
  }

  async submit(identity: IdentityRef, commands: readonly Command[]): Promise<Receipt> {
    return this.#submitter.submit(identity, commands);
  }

  async evaluate(identity: IdentityRef, query: Query): Promise<unknown> {
    const stored = await this.#stored(identity);
    for (let attempt = 1; ; attempt += 1) {
      this.#open();
      try {
        return queryAnswer(await this.#client.evaluate(stored, this.#scope.chaincode, queryCall(query)));
      } catch (error) {
        if (error instanceof LedgerError) throw error;
        if (!(error instanceof TransientFailure)) throw ledgerError('INTERNAL', error);
        if (attempt >= EVALUATE_ATTEMPTS) throw error.failure;
        await pause(backoff(attempt), this.#closing.signal);
      }
    }
  }

  async *blocks(from: number, signal: AbortSignal): AsyncGenerator<LedgerBlock, void, undefined> {
    const either = AbortSignal.any([signal, this.#closing.signal]);
    for await (const raw of this.#follow((next, on) => this.#blocks(next, on), from, either))
      yield decodeBlock(raw, this.#scope);
  }

  async block(number: number): Promise<LedgerBlock> {
    if (number < 0 || number >= (await this.height())) throw new LedgerError('NOT_FOUND');
    const over = AbortSignal.any([AbortSignal.timeout(this.#timing.patience), this.#closing.signal]);
    for await (const raw of this.#follow((next, on) => this.#blocks(next, on), number, over))
      return decodeBlock(raw, this.#scope);
    throw new LedgerError('UNAVAILABLE');
  }

  async height(): Promise<number> {
    this.#open();
    try {
      return await chainHeight(this.#client, await this.#stored(this.#reader), this.#channel);
    } catch (error) {
      throw error instanceof LedgerError ? error : ledgerError('UNAVAILABLE', error);
    }
  }

  async newest(): Promise<number> {
    this.#open();
    return this.#orderingService.height(await this.#stored(this.#reader));
  }

  async close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#submitter.close(this.#timing.closeWithin);
    this.#closing.abort();
    await this.#watch.close();
    this.#orderingService.close();
    this.#client.close();
  }

  async #lookUp(txId: string): Promise<Committed> {
    return committedPlace(
      await blockOfTransaction(this.#client, await this.#stored(this.#reader), this.#channel, txId),
      txId,
    );
  }

  async *#blocks(from: number, signal: AbortSignal) {
    yield* this.#client.blocks(await this.#stored(this.#reader), from, signal);
  }

  async *#statuses(from: number, signal: AbortSignal) {
    yield* this.#client.statuses(await this.#stored(this.#reader), from, signal);
  }

  /** Asked for at every use: identities are enrolled, and their certificates renewed, while the ledger is open. */
  async #stored(identity: IdentityRef): Promise<StoredIdentity> {
    const stored = await this.#identities.get(identity);
    if (!stored) throw new LedgerError('BAD_IDENTITY');
    return stored;
  }

  #open(): void {
    if (this.#closing.signal.aborted) throw new LedgerError('UNAVAILABLE');
  }
}
