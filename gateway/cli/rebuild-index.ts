import { ConfigError } from '../config.ts';
import { dropIndex } from '../index-store/index.ts';
import { LockedError, lockDataDir } from '../storage/lock.ts';
import { dataFolder, installedIn } from './data-folder.ts';
import { openStorage, storageConfigOf } from './open-storage.ts';
import { readSettings } from './read-settings.ts';
import { isExclusive } from './stores.ts';

/** `npm run index -- rebuild`: throws the read-index away and builds it again from the ledger. The gateway must be stopped. */
async function rebuild(): Promise<void> {
  const { dataDir, demo } = dataFolder(process.env);
  const config = readSettings({ ...process.env, DATA_DIR: dataDir }, demo);
  if (isExclusive(config) && !installedIn(dataDir))
    throw new ConfigError(`There is no ledger in ${dataDir}.`);
  const unlock = isExclusive(config) ? lockDataDir(dataDir, config.indexUrl) : () => undefined;
  await dropIndex(config.indexUrl);
  const start = performance.now();
  const storage = await openStorage(storageConfigOf(config));
  await storage.ready();
  const blocks = await storage.ledger.height();
  await storage.close();
  unlock();
  console.log(
    `the index was built from ${blocks} blocks in ${((performance.now() - start) / 1000).toFixed(1)} s`,
  );
}

if (process.argv[2] !== 'rebuild') {
  console.error('usage: npm run index -- rebuild');
  process.exit(1);
}
rebuild().catch((error: unknown) => {
  console.error(error instanceof ConfigError || error instanceof LockedError ? error.message : error);
  process.exit(1);
});
