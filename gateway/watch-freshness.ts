import type { Freshness } from './freshness.ts';
import type { Storage } from './storage/client.ts';

const MOST_EVERY = 1000;
const LEAST_EVERY = 50;
/** Looks in the time that the index may lag. */
const LOOKS = 20;

export interface Watch {
  /** Resolves after the first look, whatever it showed. */
  looked: Promise<void>;
  stop(): void;
}

/** What has changed between two looks, to the worse or to the better. */
export interface Change {
  /** `ledger`: whether it can be reached. `records`: whether those of others are open. */
  what: 'ledger' | 'records';
  good: boolean;
}

/**
 * Looks at how far the index is, one look after the other, as long as the process lives, and tells of changes. `clock` as
 * the Freshness has it.
 */
export function watchFreshness(
  storage: Pick<Storage, 'standing'>,
  freshness: Freshness,
  clock: () => number,
  onChange: (change: Change) => void,
): Watch {
  const every = Math.min(MOST_EVERY, Math.max(LEAST_EVERY, freshness.maxStale / LOOKS));
  const good = { ledger: true, records: true };
  const now = (what: Change['what'], is: boolean) => {
    if (good[what] === is) return;
    good[what] = is;
    onChange({ what, good: is });
  };
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const look = async (): Promise<void> => {
    const askedAt = clock();
    try {
      freshness.note(await storage.standing(), askedAt);
    } catch {
      // What can't be asked is not known: time goes on, and the index grows old.
    }
    if (stopped) return;
    now('ledger', freshness.standing.height !== undefined);
    now('records', !freshness.stale);
    timer = setTimeout(() => void look(), every).unref();
  };
  return {
    looked: look(),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
