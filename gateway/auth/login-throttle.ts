import { isIPv6 } from 'node:net';
import { normalizeUsername } from './accounts.ts';

interface Limit {
  /** Failures that cost nothing. */
  free: number;
  /** The longest wait, milliseconds. */
  longest: number;
}

/**
 * Someone guessing one password from one place soon waits long; so does an address that tries many accounts. An account
 * under attack from many places waits a minute at most, and places where its owner has logged in before don't wait for
 * the others' failures: nobody can be locked out for ever by somebody else.
 */
const LIMITS = {
  accountAtAddress: { free: 5, longest: 15 * 60_000 },
  address: { free: 50, longest: 15 * 60_000 },
  account: { free: 30, longest: 60_000 },
} satisfies Record<string, Limit>;

const FORGET = 60 * 60_000;
const KNOWN_FOR = 30 * 24 * 60 * 60_000;
const CAPACITY = 50_000;

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

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.size > CAPACITY ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
}

/** Slows password guessing. Its state is this process's memory: a restart forgets it, several gateways count apart. */
export class LoginThrottle {
  readonly #counters = new Map<string, Counter>();
  readonly #known = new Map<string, number>();
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
    const keys = this.#keys(username, address, now);
    const wait = Math.max(...keys.map(([key]) => this.#counters.get(key)?.until ?? 0)) - now;
    if (wait > 0) return Math.ceil(wait / 1000);
    for (const [key, limit] of keys) this.#count(key, limit, now);
    return 0;
  }

  succeeded(username: string, address: string): void {
    const now = this.#now();
    const [[own], ...others] = this.#keys(username, address, now);
    this.#counters.delete(own);
    // The others keep their other failures: one good login must not pay for guessing at many.
    for (const [key, limit] of others) {
      const counter = this.#counters.get(key);
      if (!counter) continue;
      counter.failures -= 1;
      if (counter.failures <= limit.free) counter.until = 0;
    }
    remember(this.#known, own, now);
  }

  #keys(username: string, address: string, now: number): [[string, Limit], ...[string, Limit][]] {
    const user = normalizeUsername(username);
    const from = place(address);
    const own = `${from} ${user}`;
    const knownSince = this.#known.get(own);
    const known = knownSince !== undefined && now - knownSince < KNOWN_FOR;
    return [
      [own, LIMITS.accountAtAddress],
      [from, LIMITS.address],
      ...(known ? [] : [[`@ ${user}`, LIMITS.account] satisfies [string, Limit]]),
    ];
  }

  #count(key: string, limit: Limit, now: number): void {
    const before = this.#counters.get(key);
    const failures = before && now - before.last < FORGET ? before.failures + 1 : 1;
    const over = failures - limit.free;
    const wait = over > 0 ? Math.min(1000 * 2 ** Math.min(over - 1, 20), limit.longest) : 0;
    remember(this.#counters, key, { failures, until: now + wait, last: now });
  }
}
