import { isIPv6 } from 'node:net';
import { normalizeUsername } from './accounts.ts';
import { giveBack, REFILL, take, untilAttempt, type Bucket } from './attempt-budget.ts';
import type { AttemptStore, Memories, Remembered } from './attempt-store.ts';

interface Limit {
  /** Failures that cost nothing. */
  free: number;
  /** The longest wait, milliseconds. */
  longest: number;
}

/**
 * Someone guessing one account's password from one place soon waits long. An account under attack from many places waits
 * a minute at most.
 */
const LIMITS = {
  accountAtAddress: { free: 5, longest: 15 * 60_000 },
  account: { free: 30, longest: 60_000 },
} satisfies Record<string, Limit>;

const FORGET = 60 * 60_000;
const KNOWN_FOR = 30 * 24 * 60 * 60_000;
/**
 * Attempts that an address gets back for somebody's first login from it. Not for every login: one good password must not
 * pay for guessing at others for ever.
 */
const FOR_FIRST_LOGIN = 5;

/** Attempts side by side that get past each other; whoever still does not is made to wait. */
const TRIES = 50;

/** An IPv6 network counts as one place: a single customer has 2^64 addresses of it. */
function place(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter(Boolean);
  const rest = tail === undefined ? [] : tail.split(':').filter(Boolean);
  const zeros =
    tail === undefined ? [] : new Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill('0');
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':');
}

interface Attempt {
  now: number;
  /** Names of what is remembered: the address, and the account at this address. */
  from: string;
  own: string;
  /** That the account has logged in from this address before. */
  knownAs: string;
  /** The account, wherever it is tried from. */
  everywhere: string;
}

const bucketOf = (remembered: Remembered | undefined): Bucket | undefined =>
  remembered && { left: remembered.value, at: remembered.at };

/**
 * Slows password guessing. Behind one address there can be a whole hospital, so who has logged in from it before is held
 * up by nothing but wrong passwords for their own account there; the address's budget is for the others. What it remembers
 * is in the database: a restart forgets nothing, and replicas count together.
 */
export class LoginThrottle {
  readonly #store: AttemptStore;
  readonly #now: () => number;

  constructor(store: AttemptStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /**
   * Call before a password is looked at. Answers 0 when the attempt may go on, and counts it as a failure until
   * `succeeded` says otherwise (so attempts side by side count too); else the seconds to wait, counting nothing.
   */
  async attempt(username: string, address: string): Promise<number> {
    const attempt = this.#about(username, address);
    const { now, from } = attempt;
    const wait = await this.#change(attempt, (memories) => {
      const known = isKnown(attempt, memories);
      const counters = countersOf(attempt, known);
      const waits = counters.map(([name]) => (memories.get(name)?.until ?? 0) - now);
      const bucket = bucketOf(memories.get(from));
      const longest = Math.max(...waits, known ? 0 : untilAttempt(bucket, now));
      if (longest > 0) return Math.ceil(longest / 1000);
      for (const [name, limit] of counters) count(memories, name, limit, now);
      if (!known) setBucket(memories, from, take(bucket, now));
      return 0;
    });
    return wait ?? 1;
  }

  async succeeded(username: string, address: string): Promise<void> {
    const attempt = this.#about(username, address);
    const { now, from, own, knownAs } = attempt;
    await this.#change(attempt, (memories) => {
      const known = isKnown(attempt, memories);
      for (const [name, limit] of countersOf(attempt, known)) {
        const counter = memories.get(name);
        if (!counter) continue;
        // Others' failures with this account elsewhere stay: the owner's login does not undo them.
        const value = name === own ? 0 : counter.value - 1;
        memories.set(name, { ...counter, value, until: value <= limit.free ? 0 : counter.until });
      }
      if (!known) setBucket(memories, from, giveBack(bucketOf(memories.get(from)), FOR_FIRST_LOGIN, now));
      memories.set(knownAs, { value: 1, until: 0, at: now, expires: now + KNOWN_FOR });
    });
  }

  #about(username: string, address: string): Attempt {
    const user = normalizeUsername(username);
    const from = place(address);
    return {
      now: this.#now(),
      from: `address ${from}`,
      own: `account ${from} ${user}`,
      knownAs: `known ${from} ${user}`,
      everywhere: `everywhere ${user}`,
    };
  }

  #change<T>(
    { from, own, knownAs, everywhere }: Attempt,
    decide: (memories: Memories) => T,
  ): Promise<T | undefined> {
    return this.#store.change([from, own, knownAs, everywhere], TRIES, decide);
  }
}

function isKnown({ now, knownAs }: Attempt, memories: Memories): boolean {
  const since = memories.get(knownAs)?.at;
  return since !== undefined && now - since < KNOWN_FOR;
}

function countersOf({ own, everywhere }: Attempt, known: boolean): [string, Limit][] {
  const counters: [string, Limit][] = [[own, LIMITS.accountAtAddress]];
  if (!known) counters.push([everywhere, LIMITS.account]);
  return counters;
}

function count(memories: Memories, name: string, limit: Limit, now: number): void {
  const before = memories.get(name);
  const failures = before && now - before.at < FORGET ? before.value + 1 : 1;
  const over = failures - limit.free;
  const wait = over > 0 ? Math.min(1000 * 2 ** Math.min(over - 1, 20), limit.longest) : 0;
  memories.set(name, { value: failures, until: now + wait, at: now, expires: now + FORGET });
}

function setBucket(memories: Memories, name: string, { left, at }: Bucket): void {
  memories.set(name, { value: left, until: 0, at, expires: at + REFILL });
}
