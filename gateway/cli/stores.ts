import { join } from 'node:path';
import type { LedgerSettings } from '../config.ts';
import { isPostgres } from '../database/open.ts';

/** Where each store of a gateway is: a SQLite file, or the PostgreSQL database of INDEX_URL, which has them all. */
export interface Stores {
  index: string;
  auth: string;
  audit: string;
  answers: string;
  wallet: string;
}

export interface StoreSettings {
  dataDir: string;
  /** A SQLite file, or `postgres://...`. */
  indexUrl: string;
}

export function storesOf({ dataDir, indexUrl }: StoreSettings): Stores {
  const at = (file: string) => (isPostgres(indexUrl) ? indexUrl : join(dataDir, file));
  return {
    index: indexUrl,
    auth: at('auth.db'),
    audit: at('audit.db'),
    answers: at('answers.db'),
    wallet: at('wallet.db'),
  };
}

/** Whether a process has its data folder to itself: replicas that share a database, and no ledger of their own, may share it. */
export const isExclusive = ({ ledger, indexUrl }: { ledger: LedgerSettings; indexUrl: string }): boolean =>
  ledger.engine === 'embedded' || !isPostgres(indexUrl);

/** The embedded ledger's own files are never in another database. */
export const ledgerFile = (dataDir: string): string => join(dataDir, 'ledger.db');
/** What the operator has loaded; of every process its own, wherever the index is. */
export const loadedDefinitions = (dataDir: string): string => join(dataDir, 'terminology.db');
export const signerFile = (dataDir: string): string => join(dataDir, 'orderer.db');
