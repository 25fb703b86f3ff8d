import { describeError, type LoggedError } from '../log.ts';

function write(line: object): void {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`);
}

/**
 * A line on standard error, as the log's own: what is wrong, and the transaction where it is. It names no resource, since
 * `Patient/5` is somebody's; the index's table of what was set aside, and `npm run ledger -- show`, do.
 */
export function alarm(what: string, { block, txId }: { block: number; txId: string }): void {
  write({ level: 'alarm', what, block, txId });
}

/** Milliseconds in which the same warning is said once. */
const SELDOM = 60_000;

const said = new Map<string, { at: number; unsaid: number }>();

/** What went wrong, and is tried again: said at most once a minute, with how often it was left unsaid. */
export function warn(what: string, cause: unknown): void {
  const now = performance.now();
  const last = said.get(what);
  if (last && now - last.at < SELDOM) {
    last.unsaid += 1;
    return;
  }
  said.set(what, { at: now, unsaid: 0 });
  write({
    level: 'warn',
    what,
    ...(last && { unsaid: last.unsaid }),
    err: withoutPlaces(describeError(cause)),
  });
}

/** Where a network's failure was noticed says nothing. */
function withoutPlaces({ at: _at, cause, ...rest }: LoggedError): LoggedError {
  return { ...rest, ...(cause && { cause: withoutPlaces(cause) }) };
}
