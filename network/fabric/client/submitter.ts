import {
  LedgerError,
  type Command,
  type IdentityRef,
  type IdentityStore,
  type OutcomeCode,
  type Receipt,
} from '@fhir-fabric-gateway/chaincode/api';
import { commitCall } from '../../submit/call.ts';
import { estimateBytes, halves, type Group, type Submission } from '../../submit/coalesce.ts';
import { ledgerError, TransientFailure } from '../../submit/errors.ts';
import { answer, judge, refuse, writesNothing } from '../../submit/settle.ts';
import { backoff } from './backoff.ts';
import type { EndorsedTransaction, FabricClient } from './fabric-client.ts';
import { Lane, type Attempt, type Commit, type LaneLimits } from './lane.ts';
import type { Ordering } from './ordering.ts';
import { Slots } from './slots.ts';

export interface SubmitLimits extends LaneLimits {
  /** Transactions of all identities that are endorsed at the same time. */
  endorsingAltogether: number;
  /** How often commands are endorsed again after a cause that passes. */
  attempts: number;
}

export const DEFAULT_SUBMIT_LIMITS: SubmitLimits = {
  coalescedCommands: 100,
  coalescedBytes: 2 << 20,
  endorsing: 1,
  unanswered: 16,
  endorsingAltogether: 32,
  attempts: 12,
};

const VALID = 0;
/** The validation codes of a transaction that others overtook: MVCC_READ_CONFLICT and PHANTOM_READ_CONFLICT. */
const OVERTAKEN = [11, 12];

export interface SubmitterDeps {
  client: Pick<FabricClient, 'endorse'>;
  ordering: Pick<Ordering, 'commit'>;
  identities: IdentityStore;
  random: (bytes: number) => Uint8Array;
  limits: SubmitLimits;
  /** Milliseconds after which a submission is not begun (any more). */
  patience: number;
}

/**
 * Takes commands and answers each once its block is committed. Commands are endorsed anew only after endorsements that
 * differed, private data that was late, or a conflict at commit, and never while an earlier transaction of theirs may
 * still be committed.
 */
export class Submitter {
  readonly #deps: SubmitterDeps;
  readonly #lanes = new Map<string, Lane>();
  readonly #endorsing: Slots;
  /** What is larger than commands that share a transaction: several at once would be late together. */
  readonly #large = new Slots(1);
  readonly #closing = new AbortController();
  #closed = false;
  #open = 0;
  #allSettled: (() => void) | undefined;

  constructor(deps: SubmitterDeps) {
    this.#deps = deps;
    this.#endorsing = new Slots(deps.limits.endorsingAltogether);
  }

  /** See `Ledger.submit`. */
  async submit(identity: IdentityRef, commands: readonly Command[]): Promise<Receipt> {
    if (this.#closed) throw new LedgerError('UNAVAILABLE');
    if (commands.length === 0) throw new LedgerError('BAD_REQUEST');
    const deadline = performance.now() + this.#deps.patience;
    const bytes = estimateBytes(commands);
    this.#open += 1;
    try {
      return await new Promise<Receipt>((resolve, reject) => {
        const fresh = { attempts: 0, alone: false, deadline };
        this.#laneOf(identity).add({ identity, commands, bytes, ...fresh, resolve, reject });
      });
    } finally {
      this.#open -= 1;
      if (this.#open === 0) this.#allSettled?.();
    }
  }

  /**
   * Refuses what was not ordered yet with UNAVAILABLE, and waits for what was, so many milliseconds at most: what is not
   * known then is UNDECIDED, and what is still being endorsed will not be ordered.
   */
  async close(milliseconds: number): Promise<void> {
    this.#closed = true;
    if (this.#open === 0) return;
    const timer = setTimeout(() => {
      this.#closing.abort();
      setImmediate(() => this.#allSettled?.());
    }, milliseconds);
    await new Promise<void>((resolve) => {
      this.#allSettled = resolve;
    });
    clearTimeout(timer);
  }

  #laneOf({ mspId, pseudonym }: IdentityRef): Lane {
    const name = `${mspId}\n${pseudonym}`;
    const known = this.#lanes.get(name);
    if (known) return known;
    const lane: Lane = new Lane(
      this.#deps.limits,
      (attempt) => this.#inTurn(attempt, () => this.#endorse(lane, attempt)),
      () => this.#lanes.delete(name),
    );
    this.#lanes.set(name, lane);
    return lane;
  }

  #inTurn<T>({ group }: Attempt, work: () => Promise<T>): Promise<T> {
    const bytes = group.submissions.reduce((sum, submission) => sum + submission.bytes, 0);
    const endorse = () => this.#endorsing.run(work);
    return bytes > this.#deps.limits.coalescedBytes ? this.#large.run(endorse) : endorse();
  }

  async #endorse(lane: Lane, attempt: Attempt): Promise<Commit | undefined> {
    const group = this.#stillWanted(attempt.group);
    if (group.submissions.length === 0) return undefined;
    const wanted = { ...attempt, group };
    try {
      const stored = await this.#deps.identities.get(group.identity);
      if (!stored) throw new LedgerError('BAD_IDENTITY');
      const transaction = await this.#deps.client.endorse(stored, commitCall(group, this.#deps.random));
      const outcomes = judge(group, transaction.response);
      if (!writesNothing(outcomes)) return () => this.#commit(lane, wanted, transaction, outcomes);
      this.#alone(lane, refuse(group, outcomes));
    } catch (error) {
      this.#notEndorsed(lane, wanted, error);
    }
    return undefined;
  }

  /** Those whose time is not over; the others are refused, for nothing of theirs is under way. */
  #stillWanted(group: Group): Group {
    const now = performance.now();
    const late = ({ deadline }: Submission) => this.#closed || deadline <= now;
    for (const { reject } of group.submissions.filter(late)) reject(new LedgerError('UNAVAILABLE'));
    return { ...group, submissions: group.submissions.filter((submission) => !late(submission)) };
  }

  async #commit(
    lane: Lane,
    attempt: Attempt,
    transaction: EndorsedTransaction,
    outcomes: readonly OutcomeCode[],
  ): Promise<void> {
    const { group } = attempt;
    try {
      const { code, ...place } = await this.#deps.ordering.commit(
        transaction,
        this.#closing.signal,
        this.#left(group),
      );
      if (code === VALID) {
        this.#alone(lane, answer(group, outcomes, { txId: transaction.txId, ...place }));
      } else if (OVERTAKEN.includes(code)) {
        this.#again(lane, attempt, new LedgerError('CONFLICT'), true);
      } else {
        throw new Error(`the transaction was invalidated with code ${code}`);
      }
    } catch (error) {
      reject(group, error);
    }
  }

  /** Milliseconds that whoever has waited longest has left to see it committed. */
  #left({ submissions }: Group): number {
    const { patience } = this.#deps;
    const first = Math.min(...submissions.map(({ deadline }) => deadline));
    return Math.min(patience, Math.max(first - performance.now(), patience / 3));
  }

  #notEndorsed(lane: Lane, attempt: Attempt, error: unknown): void {
    const { group } = attempt;
    if (error instanceof TransientFailure) {
      // What passes for all passes soon; what lasts may be the matter of one of them.
      this.#again(lane, attempt, error.failure, attempt.failed > 0);
    } else if (group.submissions.length > 1 && isTheirs(error)) {
      for (const half of halves(group)) lane.retry({ ...attempt, group: half });
    } else {
      reject(group, error);
    }
  }

  #again(lane: Lane, { group, failed }: Attempt, failure: LedgerError, divide: boolean): void {
    if (failed + 1 >= this.#deps.limits.attempts) return reject(group, failure);
    const groups = divide && group.submissions.length > 1 ? halves(group) : [group];
    const wait = backoff(failed);
    for (const each of groups) lane.retry({ group: each, failed: failed + 1 }, wait);
  }

  #alone(lane: Lane, submissions: readonly Submission[]): void {
    for (const submission of submissions) lane.add(submission);
  }
}

/** Whether a command may be to blame, and not the identity or the network. */
function isTheirs(error: unknown): boolean {
  return !(error instanceof LedgerError) || !['BAD_IDENTITY', 'UNAVAILABLE'].includes(error.code);
}

function reject({ submissions }: Group, error: unknown): void {
  for (const submission of submissions)
    submission.reject(error instanceof LedgerError ? error : ledgerError('INTERNAL', error));
}
