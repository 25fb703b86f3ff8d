import { setImmediate } from 'node:timers/promises';
import {
  encodeCommands,
  LedgerError,
  type Command,
  type IdentityRef,
  type IdentityStore,
  type OutcomeCode,
  type Receipt,
} from '@fhir-fabric-gateway/chaincode/api';
import { coalesce, estimateBytes, type Group, type Submission } from './coalesce.ts';
import type { Committed, Committer } from './committer.ts';
import type { Endorsement, Endorser } from './endorser.ts';
import { decodeOutcomes, ledgerError, TransientFailure } from './errors.ts';
import type { Limits } from './limits.ts';

const SEED_BYTES = 32;

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
      this.#waiting.push({ identity, commands, bytes, attempts: 0, alone: false, resolve, reject });
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
      // Lets in what has arrived meanwhile.
      await setImmediate();
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
      if (committed?.code === 'VALID') answer(transaction, committed);
      else this.#again(transaction.group, new LedgerError('CONFLICT'));
    });
  }

  async #endorse({ identity, mode, submissions }: Group): Promise<Endorsement> {
    const stored = await this.#identities.get(identity);
    if (!stored) throw new LedgerError('BAD_IDENTITY');
    const { commands, contents } = encodeCommands(submissions.flatMap((submission) => submission.commands));
    const transient = new Map([
      ['commands', commands],
      ['contents', contents],
      ['seed', this.#random(SEED_BYTES)],
    ]);
    return this.#endorser.endorse(stored, { fn: 'Commit', args: [mode], transient });
  }

  /** What is to be ordered; undefined, and everyone answered, when nothing would be written. */
  #order(group: Group, endorsement: Endorsement): Transaction | undefined {
    const outcomes = decodeOutcomes(endorsement.response);
    const commands = group.submissions.reduce((count, submission) => count + submission.commands.length, 0);
    if (outcomes.length !== commands)
      throw ledgerError('INTERNAL', new Error('not one outcome for each command'));
    if (group.mode === 'atomic') {
      const failed = (code: OutcomeCode) => code !== 'OK' && code !== 'ABORTED';
      const index = outcomes.some(failed) ? outcomes.findIndex(failed) : outcomes.indexOf('ABORTED');
      const code = outcomes[index];
      if (code !== undefined && code !== 'OK') throw new LedgerError(code, index);
    } else if (outcomes.every((code) => code !== 'OK')) {
      refuse(group, outcomes);
      return undefined;
    }
    return { group, endorsement, outcomes };
  }

  #failed(group: Group, error: unknown): void {
    if (error instanceof TransientFailure) {
      this.#again(group, new LedgerError(error.code));
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

/** Answers those whose command was done, and refuses the others. */
function answer({ group, endorsement, outcomes }: Transaction, { block, place }: Committed): void {
  refuse(group, outcomes);
  group.submissions.forEach(({ resolve }, command) => {
    if (group.mode === 'atomic' || outcomes[command] === 'OK') {
      resolve({ txId: endorsement.signed.txId, block, transaction: place, command });
    }
  });
}

function refuse(group: Group, outcomes: Transaction['outcomes']): void {
  if (group.mode === 'atomic') return;
  group.submissions.forEach(({ reject }, command) => {
    const code = outcomes[command];
    if (code !== undefined && code !== 'OK') reject(new LedgerError(code));
  });
}
