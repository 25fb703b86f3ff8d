import type { EntryValue, OutcomeCode } from '../api/index.ts';

/**
 * The version that a write expects, against the current one: 0 for an entry that must not exist (EXISTS), undefined
 * for whichever is there; anything else that differs is STALE.
 */
export function checkVersion(expected: number | undefined, old: EntryValue | undefined): OutcomeCode {
  if (expected === undefined || expected === (old?.version ?? 0)) return 'OK';
  return expected === 0 ? 'EXISTS' : 'STALE';
}
