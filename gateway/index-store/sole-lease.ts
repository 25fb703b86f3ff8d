import type { ProjectionLease } from './port.ts';

/** The right to project into an index that one process has to itself, as a SQLite file is: granted at once, never lost. */
export const soleLease = (): ProjectionLease => ({
  acquire: () => Promise.resolve({ lost: new AbortController().signal, release: () => Promise.resolve() }),
  close: () => Promise.resolve(),
});
