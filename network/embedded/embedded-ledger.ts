import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type {
  Command,
  IdentityRef,
  IdentityStore,
  Ledger,
  LedgerBlock,
  Query,
  Receipt,
} from '@fhir-fabric-gateway/chaincode/api';
import { LedgerError } from '@fhir-fabric-gateway/chaincode/api';
import type { ContractClass, EmbeddedConfig } from '../config.ts';
import { queryAnswer, queryCall } from '../submit/call.ts';
import { ledgerError, TransientFailure } from '../submit/errors.ts';
import { headerHash, openData, type ChannelConfig } from './block.ts';
import { BlockStore } from './block-store.ts';
import { Committer } from './committer.ts';
import { Delivery } from './delivery.ts';
import { Endorser } from './endorser.ts';
import { chainHead } from './head.ts';
import { HeadRecorder } from './head-recorder.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { Membership } from './membership.ts';
import { openDatabase } from './schema.ts';
import { loadShim } from './shim.ts';
import { openSigner } from './signer.ts';
import type { SignerFile } from './signer-file.ts';
import { StateStore } from './state-store.ts';
import { Submitter } from './submitter.ts';

export interface EmbeddedDeps {
  identities: IdentityStore;
  contracts: readonly ContractClass[];
  clock?: () => number;
  random?: (bytes: number) => Uint8Array;
}

/**
 * A ledger in this process, on one SQLite file. Everything but waiting is synchronous: give it a thread of its own.
 * Rejects with an Error that says what is wrong with the file, the key or the organisations.
 */
export async function openEmbeddedLedger(config: EmbeddedConfig, deps: EmbeddedDeps): Promise<Ledger> {
  const membership = new Membership(config.organisations);
  const db = openDatabase(config.file);
  try {
    return await EmbeddedLedger.open(db, membership, config, deps);
  } catch (error) {
    db.close();
    throw error;
  }
}

interface Parts {
  db: DatabaseSync;
  identities: IdentityStore;
  endorser: Endorser;
  committer: Committer;
  submitter: Submitter;
  delivery: Delivery;
  recorder: HeadRecorder | undefined;
  attempts: number;
}

class EmbeddedLedger implements Ledger {
  readonly #parts: Parts;
  #closing: Promise<void> | undefined;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static async open(
    db: DatabaseSync,
    membership: Membership,
    config: EmbeddedConfig,
    { identities, contracts, clock = Date.now, random = randomBytes }: EmbeddedDeps,
  ): Promise<Ledger> {
    const testing = config.testing ?? {};
    const limits = { ...DEFAULT_LIMITS, ...testing.limits };
    const shim = loadShim();
    const blocks = new BlockStore(db);
    const state = new StateStore(db);

    const signer = await openSigner(config.signer, blocks.height() === 0);
    demandRecorded(blocks, signer.record);
    const committer = new Committer(db, { blocks, state }, signer.privateKey, testing.faults?.conflict);
    configure(committer, blocks, { organisations: config.organisations, signer: signer.publicKey });

    const height = () => committer.head().height;
    const endorser = new Endorser({
      shim,
      chaincode: shim.chaincode(contracts),
      membership,
      blocks,
      state: {
        height,
        getPublic: (key) => state.getPublic(key),
        getPrivate: (key) => state.getPrivate(key),
        privateRange: (start, end) => state.privateRange(start, end),
      },
      limits,
      testing,
      clock,
      random,
    });
    const delivery = new Delivery(blocks, height, testing.faults?.missing);
    const recorder = signer.record && new HeadRecorder(signer.record, chainHead(committer.head()));
    const committed = () => {
      delivery.wake();
      recorder?.noticed(chainHead(committer.head()));
    };
    const submitter = new Submitter({ endorser, committer, identities, limits, random, committed });
    return new EmbeddedLedger({
      db,
      identities,
      endorser,
      committer,
      submitter,
      delivery,
      recorder,
      attempts: limits.attempts,
    });
  }

  async submit(identity: IdentityRef, commands: readonly Command[]): Promise<Receipt> {
    return this.#parts.submitter.submit(identity, commands);
  }

  async evaluate(identity: IdentityRef, query: Query): Promise<unknown> {
    this.#open();
    const stored = await this.#parts.identities.get(identity);
    if (!stored) throw new LedgerError('BAD_IDENTITY');
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.#open();
        return queryAnswer(await this.#parts.endorser.evaluate(stored, queryCall(query)));
      } catch (error) {
        if (error instanceof LedgerError) throw error;
        if (!(error instanceof TransientFailure)) throw ledgerError('INTERNAL', error);
        if (attempt >= this.#parts.attempts) throw error.failure;
      }
    }
  }

  blocks(from: number, signal: AbortSignal): AsyncIterable<LedgerBlock> {
    return this.#parts.delivery.blocks(from, signal);
  }

  async block(number: number): Promise<LedgerBlock> {
    if (number < 0 || number >= this.#parts.committer.head().height) throw new LedgerError('NOT_FOUND');
    this.#open();
    return this.#parts.delivery.read(number);
  }

  async height(): Promise<number> {
    return this.#parts.committer.head().height;
  }

  /** It orders by itself. */
  newest(): Promise<number> {
    return this.height();
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { submitter, delivery, recorder, committer, db } = this.#parts;
    await submitter.close();
    delivery.close();
    db.close();
    await recorder?.close(chainHead(committer.head()));
  }

  #open(): void {
    if (this.#closing) throw new LedgerError('UNAVAILABLE');
  }
}

/** Throws when the chain doesn't contain the head that was recorded: nobody is to build on, and record, what is left. */
function demandRecorded(blocks: BlockStore, { file, head }: Partial<SignerFile> = {}): void {
  const block = head && blocks.read(head.number);
  if (!head || (block && headerHash(block.header) === head.hash)) return;
  throw new Error(
    `the ledger does not have block ${head.number} as ${file} has it recorded: it was cut off or replaced, ` +
      `or comes from an older copy than ${file}`,
  );
}

/** Records members and signer, unless the block in force says the same. */
function configure(committer: Committer, blocks: BlockStore, wanted: ChannelConfig): void {
  const { height, config } = committer.head();
  const block = blocks.read(config);
  const found = height > 0 && block ? openData(block.data).config : undefined;
  if (found && found.signer !== wanted.signer) throw new Error('the ledger is signed with another key');
  if (!found || !sameOrganisations(found.organisations, wanted.organisations)) committer.configure(wanted);
}

function sameOrganisations(a: ChannelConfig['organisations'], b: ChannelConfig['organisations']): boolean {
  const sorted = (list: ChannelConfig['organisations']) =>
    JSON.stringify(list.map(({ mspId, caCertificate }) => [mspId, caCertificate]).sort());
  return sorted(a) === sorted(b);
}
