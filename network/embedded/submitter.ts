import { setImmediate } from 'node:timers/promises';
import {
  LedgerError,
  type Command,
  type IdentityRef,
  type IdentityStore,
  type OutcomeCode,
  type Receipt,
} from '@fhir-fabric-gateway/chaincode/api';
import { commitCall } from '../submit/call.ts';
import { coalesce, estimateBytes, type Group, type Submission } from '../submit/coalesce.ts';
import { ledgerError, TransientFailure } from '../submit/errors.ts';
import { answer, judge, refuse, writesNothing } from '../submit/settle.ts';
import type { Committed, Committer } from './committer.ts';
import type { Endorsement, Endorser } from './endorser.ts';
import type { Limits } from './limits.ts';

/**
 * Turns of the event loop between two blocks: whoever follows the first applies it, its answers go out and are worked on
 * elsewhere while the next is made, and what has arrived meanwhile goes into that.
 */
const TURNS = 3;

/**
 * Takes commands and answers each once its block is durable. A block takes everything that waited while the one
 * before it was synced; there is no timer.
 */
export class Submitter {
  readonly #endorser: Endorser;
  readonly #committer: Committer;
  readonly #identities: IdentityStore;
  readonly #limits: Limits;
  readonly #random: (bytes: number) => Uint8Array;
  readonly #committed: () => void;
  #waiting: Submission[] = [];
  /** Of the block that is being made: what goes into the next, in order and before all that has come since. */
  readonly #retry: Submission[] = [];
  #running: Promise<void> | undefined;
  #closed = false;

  /** `committed` is called after each block. */
  constructor(deps: {
    endorser: Endorser;
    committer: Committer;
    identities: IdentityStore;
    limits: Limits;
    random: (bytes: number) => Uint8Array;
    committed: () => void;
  }) {
    this.#endorser = deps.endorser;
    this.#committer = deps.committer;
    this.#identities = deps.identities;
    this.#limits = deps.limits;
    this.#random = deps.random;
    this.#committed = deps.committed;
  }

  /** See `Ledger.submit`. */
  async submit(identity: IdentityRef, commands: readonly Command[]): Promise<Receipt> {
    if (this.#closed) throw new LedgerError('UNAVAILABLE');
    if (commands.length === 0) throw new LedgerError('BAD_REQUEST');
    const bytes = estimateBytes(commands);
    return new Promise((resolve, reject) => {
      const fresh = { attempts: 0, alone: false, deadline: Infinity };
      this.#waiting.push({ identity, commands, bytes, ...fresh, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Finishes what is under way; what still waits is refused with UNAVAILABLE. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      for (let turn = 0; turn < TURNS; turn += 1) await setImmediate();
      const { groups, rest } = coalesce(this.#closed ? [] : this.#waiting, this.#limits);
      if (this.#closed) for (const { reject } of this.#waiting) reject(new LedgerError('UNAVAILABLE'));
      this.#waiting = this.#closed ? [] : rest;
      await this.#block(groups);
      this.#waiting.unshift(...this.#retry.splice(0));
    }
    this.#running = undefined;
  }

  async #block(groups: readonly Group[]): Promise<void> {
    const endorsed = (
      await Promise.all(
        groups.map(async (group) => {
          try {
            return this.#order(group, await this.#endorse(group));
          } catch (error) {
            this.#failed(group, error);
            return undefined;
          }
        }),
      )
    ).filter((transaction) => transaction !== undefined);
    if (endorsed.length === 0) return;

    let places: Committed[];
    try {
      places = this.#committer.commit(endorsed.map(({ endorsement }) => endorsement));
    } catch (cause) {
      for (const { group } of endorsed) {
        for (const { reject } of group.submissions) reject(ledgerError('UNAVAILABLE', cause));
      }
      return;
    }
    this.#committed();
    endorsed.forEach((transaction, at) => {
      const committed = places[at];
      const { group, endorsement, outcomes } = transaction;
      if (committed?.code !== 'VALID') return this.#again(group, new LedgerError('CONFLICT'));
      const { block, place } = committed;
      const { txId } = endorsement.signed;
      this.#retry.push(...answer(group, outcomes, { txId, block, transaction: place }));
    });
  }

  async #endorse(group: Group): Promise<Endorsement> {
    const stored = await this.#identities.get(group.identity);
    if (!stored) throw new LedgerError('BAD_IDENTITY');
    return this.#endorser.endorse(stored, commitCall(group, this.#random));
  }

  /** What is to be ordered; undefined, and everyone answered, when nothing would be written. */
  #order(group: Group, endorsement: Endorsement): Transaction | undefined {
    const outcomes = judge(group, endorsement.response);
    if (!writesNothing(outcomes)) return { group, endorsement, outcomes };
    this.#retry.push(...refuse(group, outcomes));
    return undefined;
  }

  #failed(group: Group, error: unknown): void {
    if (error instanceof TransientFailure) {
      this.#again(group, error.failure);
    } else if (group.submissions.length > 1) {
      // One of them made the transaction fail for all: each by itself will tell.
      this.#retry.push(...group.submissions.map((submission) => ({ ...submission, alone: true })));
    } else {
      for (const { reject } of group.submissions) {
        reject(error instanceof LedgerError ? error : ledgerError('INTERNAL', error));
      }
    }
  }

  #again(group: Group, error: LedgerError): void {
    const again = group.submissions.map((submission) => ({
      ...submission,
      attempts: submission.attempts + 1,
    }));
    for (const { reject } of again.filter(({ attempts }) => attempts >= this.#limits.attempts)) reject(error);
    this.#retry.push(...again.filter(({ attempts }) => attempts < this.#limits.attempts));
  }
}

interface Transaction {
  group: Group;
  endorsement: Endorsement;
  outcomes: readonly OutcomeCode[];
}
