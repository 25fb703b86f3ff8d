import { backoff, pause } from './backoff.ts';

/** Told of what is got over without help, for the log of whoever runs the ledger. */
export type Trouble = (what: string, cause: unknown) => void;

/**
 * Blocks from number `from` on, in order and none twice, over as many connections as it takes: whenever one ends, the
 * next is opened where it ended. Ends when the signal aborts, and not before.
 */
export async function* following<T extends { number: number }>(
  open: (from: number, signal: AbortSignal) => AsyncIterable<T>,
  from: number,
  signal: AbortSignal,
  trouble?: Trouble,
): AsyncGenerator<T, void, undefined> {
  let next = from;
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      for await (const block of open(next, signal)) {
        if (signal.aborted) return;
        if (block.number !== next) break;
        next += 1;
        failures = 0;
        yield block;
      }
    } catch (cause) {
      if (!signal.aborted) trouble?.('a delivery of blocks ended', cause);
    }
    if (!signal.aborted) await pause(backoff(failures), signal);
  }
}
