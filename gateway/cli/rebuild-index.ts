import { existsSync, rmSync } from 'node:fs';
import { ConfigError, readConfig } from '../config.ts';
import { LockedError, lockDataDir } from '../storage/lock.ts';
import { dataFolder } from './data-folder.ts';
import { ledgerFile, openStorage } from './open-storage.ts';

/** `npm run index -- rebuild`: throws the read-index away and builds it again from the ledger. The gateway must be stopped. */
async function rebuild(): Promise<void> {
  const { dataDir, demo } = dataFolder(process.env);
  const config = readConfig({ ...process.env, DATA_DIR: dataDir }, demo);
  if (!existsSync(ledgerFile(dataDir))) throw new ConfigError(`There is no ledger in ${dataDir}.`);
  const unlock = lockDataDir(dataDir);
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${config.indexFile}${suffix}`, { force: true });
  const start = performance.now();
  const storage = await openStorage({
    dataDir,
    indexFile: config.indexFile,
    masterSecret: config.masterSecret,
    fhirBase: `${config.baseUrl}/fhir/R4`,
    mspIds: config.organisations.map(({ mspId }) => mspId),
    policyUris: config.consentPolicies,
  });
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
