import { isIPv6 } from 'node:net';
import { normalizeUsername } from './accounts.ts';
import { AttemptBudget } from './attempt-budget.ts';
import { remember } from './remember.ts';

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

interface Counter {
  failures: number;
  /** Milliseconds since 1970. */
  until: number;
  last: number;
}

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
  from: string;
  /** The account at this address. */
  own: string;
  /** The account has logged in from this address before. */
  known: boolean;
  counters: [string, Limit][];
}

/**
 * Slows password guessing. Behind one address there can be a whole hospital, so who has logged in from it before is held
 * up by nothing but wrong passwords for their own account there; the address's budget is for the others. Its state is this
 * process's memory: a restart forgets it, several gateways count apart.
 */
export class LoginThrottle {
  readonly #counters = new Map<string, Counter>();
  readonly #known = new Map<string, number>();
  readonly #budget = new AttemptBudget();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Call before a password is looked at. Answers 0 when the attempt may go on, and counts it as a failure until
   * `succeeded` says otherwise (so attempts side by side count too); else the seconds to wait, counting nothing.
   */
  attempt(username: string, address: string): number {
    const now = this.#now();
    const { from, known, counters } = this.#about(username, address, now);
    const waits = counters.map(([key]) => (this.#counters.get(key)?.until ?? 0) - now);
    const wait = Math.max(...waits, known ? 0 : this.#budget.wait(from, now));
    if (wait > 0) return Math.ceil(wait / 1000);
    for (const [key, limit] of counters) this.#count(key, limit, now);
    if (!known) this.#budget.take(from, now);
    return 0;
  }

  succeeded(username: string, address: string): void {
    const now = this.#now();
    const { from, own, known, counters } = this.#about(username, address, now);
    for (const [key, limit] of counters) {
      const counter = this.#counters.get(key);
      if (!counter) continue;
      // Others' failures with this account elsewhere stay: the owner's login does not undo them.
      counter.failures = key === own ? 0 : counter.failures - 1;
      if (counter.failures <= limit.free) counter.until = 0;
    }
    if (!known) this.#budget.giveBack(from, FOR_FIRST_LOGIN, now);
    remember(this.#known, own, now);
  }

  #about(username: string, address: string, now: number): Attempt {
    const user = normalizeUsername(username);
    const from = place(address);
    const own = `${from} ${user}`;
    const since = this.#known.get(own);
    const known = since !== undefined && now - since < KNOWN_FOR;
    const counters: [string, Limit][] = [[own, LIMITS.accountAtAddress]];
    if (!known) counters.push([`@ ${user}`, LIMITS.account]);
    return { from, own, known, counters };
  }

  #count(key: string, limit: Limit, now: number): void {
    const before = this.#counters.get(key);
    const failures = before && now - before.last < FORGET ? before.failures + 1 : 1;
    const over = failures - limit.free;
    const wait = over > 0 ? Math.min(1000 * 2 ** Math.min(over - 1, 20), limit.longest) : 0;
    remember(this.#counters, key, { failures, until: now + wait, last: now });
  }
}
