import type { Call } from '../../submit/call.ts';

/** Chaincode may take 30 seconds; nothing of ours takes a tenth of that. */
const ANY = 10_000;
/** Each byte of private data is passed on to other peers, which write the whole of it out as text on the way. */
const EACH_MEGABYTE = 2500;

/** Milliseconds that endorsing a call may take: with 8 MB, which are the most, as long as peers allow themselves. */
export function endorseWithin({ transient }: Pick<Call, 'transient'>): number {
  const bytes = [...transient.values()].reduce((sum, { length }) => sum + length, 0);
  return Math.min(3 * ANY, ANY + Math.ceil((bytes / (1 << 20)) * EACH_MEGABYTE));
}
