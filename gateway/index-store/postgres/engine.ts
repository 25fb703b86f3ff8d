import type { Engine } from '../engine.ts';
import { PostgresLease } from './lease.ts';
import { openForReading } from './reading.ts';
import { dropTables } from './tables.ts';
import { openForWriting } from './writing.ts';

export const postgres: Engine = {
  openForReading: (url) => Promise.resolve(openForReading(url)),
  openForWriting,
  openLease: (url) => new PostgresLease(url),
  drop: dropTables,
};
