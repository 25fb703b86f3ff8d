import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Whether a gateway has been started on this folder. */
export const installedIn = (dataDir: string): boolean =>
  ['ledger.db', 'lock.db'].some((file) => existsSync(join(dataDir, file)));

/** The data folder that a command works on: DATA_DIR, else `.data`, else the demo's when that alone is there. */
export function dataFolder(env: Readonly<Record<string, string | undefined>>): {
  dataDir: string;
  demo: boolean;
} {
  const given = env['DATA_DIR'];
  if (given !== undefined) return { dataDir: resolve(given), demo: env['MASTER_SECRET'] === undefined };
  if (installedIn('.data') || !installedIn('.data/demo')) return { dataDir: resolve('.data'), demo: false };
  return { dataDir: resolve('.data/demo'), demo: true };
}
