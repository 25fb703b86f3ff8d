import { createHmac, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import {
  createLabeller,
  parameterOf,
  useSearchParameters,
  withholdSearchParameters,
} from '@fhir-fabric-gateway/mappings';
import { Admission } from './admission/index.ts';
import { openAuditReader } from './audit/index.ts';
import { createAuth } from './auth/index.ts';
import { storageConfigOf, type StorageConfig } from './cli/open-storage.ts';
import { readSettings } from './cli/read-settings.ts';
import { isExclusive, loadedDefinitions, storesOf } from './cli/stores.ts';
import { isPostgres } from './database/open.ts';
import { seedDemo } from './demo/seed.ts';
import { openAnswerStore } from './fhir/idempotency.ts';
import { createValidator, type Validator } from './fhir/validation/validator.ts';
import { Throttle } from './fhir/throttle.ts';
import { KeyedQueue } from './fhir/write/keyed-queue.ts';
import { withoutHeldRules } from './fhir/freshness-gate.ts';
import { Freshness } from './freshness.ts';
import { createGateway } from './gateway.ts';
import { Changes, openIndexReader } from './index-store/index.ts';
import { createLog } from './log.ts';
import { openDoor } from './door.ts';
import type { Services } from './services.ts';
import { foundLedger } from './setup/found-ledger.ts';
import { notIndexed, readOwnParameters } from './setup/own-parameters.ts';
import { untilDone } from './setup/patience.ts';
import { startFailure } from './setup/start-failure.ts';
import { lockDataDir } from './storage/lock.ts';
import { connectStorage } from './storage/client.ts';
import { openTerminology } from './terminology/index.ts';
import { landingPage } from './ui/landing.ts';
import { watchFreshness } from './watch-freshness.ts';

/** The composition root: reads the environment once, opens everything, serves, and closes it all on SIGTERM. */
async function main(): Promise<void> {
  process.umask(0o077);
  const config = readSettings(process.env, process.argv.includes('--demo'));
  const log = createLog(config.logLevel);
  // Said as the log says it: what Node prints of an error may quote what a record holds.
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'an error that nobody caught');
    process.exit(1);
  });
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const fhirBase = `${config.baseUrl}/fhir/R4`;
  const stores = storesOf(config);
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const unlock = isExclusive(config) ? lockDataDir(config.dataDir, config.indexUrl) : () => undefined;
  const door = await openDoor(config);
  // Until it serves, nothing is under way that would have to be finished.
  let stop = () => Promise.resolve();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          log.fatal({ err: error }, 'could not close');
          process.exit(1);
        },
      );
    });
  }

  const ownParameters = await readOwnParameters(config.searchParameters);
  useSearchParameters(ownParameters);
  const changes = isPostgres(stores.index) ? undefined : new Changes();
  const workerData: StorageConfig = {
    ...storageConfigOf(config),
    ...(changes && { indexChanges: changes.shared }),
  };
  const worker = new Worker(new URL('./cli/storage-worker.ts', import.meta.url), {
    workerData,
    // As package.json says for this thread: V8's own choice goes by the machine's memory, and takes 100 MB of it and more.
    resourceLimits: { maxYoungGenerationSizeMb: 24 },
  });
  const ended = (code: number) => {
    log.fatal({ code }, 'the storage thread ended: nothing can be written or audited');
    process.exit(1);
  };
  worker.once('exit', ended);
  const storage = connectStorage(worker);
  const stopping = new AbortController();
  const patience = { waiting: (why: string) => log.info({ why }, 'waiting'), signal: stopping.signal };
  await untilDone(() => storage.ready(), patience);

  const clock = () => performance.now();
  const freshness = new Freshness({ maxStale: config.maxStale, clock });
  const watch = watchFreshness(storage, freshness, clock, ({ what, good }) => {
    if (what === 'ledger') log.warn(good ? 'the ledger is there again' : 'the ledger cannot be reached');
    else log.warn(good ? 'records are open again' : 'too far behind the ledger: others’ records are closed');
  });
  const terminology = openTerminology({ loaded: loadedDefinitions(config.dataDir), fhirBase });
  const index = withoutHeldRules(
    await openIndexReader({ url: stores.index, fhirBase, codes: terminology, ...(changes && { changes }) }),
    freshness,
  );
  const pending = notIndexed(ownParameters, await index.parameters());
  withholdSearchParameters(pending);
  if (pending.length > 0)
    log.warn({ pending }, 'search parameters wait for the index to be built again: npm run index -- rebuild');
  const [own] = config.own;
  const audit = await openAuditReader({
    url: stores.audit,
    source: { baseUrl: fhirBase, ...(own && { organization: `Organization/${own.organization}` }) },
    clock: Date.now,
  });
  const validator: Validator = createValidator();
  const onFailure = (error: unknown, requestId = '') =>
    log.error({ err: error, requestId }, 'a request failed');
  const auth = await createAuth({
    baseUrl: config.baseUrl,
    database: stores.auth,
    secret: config.masterSecret,
    knowsParameter: (type, name) => parameterOf(type, name) !== undefined,
    onError: onFailure,
  });
  const answers = await openAnswerStore(stores.answers);
  const services: Services = {
    ledger: storage.ledger,
    index,
    freshness,
    audit,
    terminology,
    validate: (resource) => validator.validate(resource),
    fhirBase,
    policyUris: config.consentPolicies,
    labeller: createLabeller(config.labels),
    clock: Date.now,
    newId: randomUUID,
    pageSecret: createHmac('sha256', config.masterSecret).update('paging links').digest(),
    onFailure,
    answers,
    updates: new KeyedQueue(),
    lookups: new Throttle({ burst: 20, perMinute: 30 }),
  };
  await foundLedger(config, storage, services, patience);
  await watch.looked;

  const admission = new Admission(config);
  const app = createGateway({
    services,
    audit: (records) => storage.audit(records),
    authenticate: admission.callers.learning((authorization) => auth.authenticate(authorization)),
    async ready() {
      const { height } = await storage.standing();
      await auth.clients.get('');
      if (height === undefined || freshness.stale) throw new Error('not ready');
    },
    baseUrl: config.baseUrl,
    version,
    maxBody: config.maxBody,
    trustedProxies: config.trustedProxies,
    admitted: () => admission.figures(),
    middleware: [auth.middleware, landingPage({ ...config, fhirBase, version })],
  });
  door.serve(admission.before(app.callback()));
  if (config.demo) await seedDemo({ config, storage, auth, log });
  process.stdout.write(`ready ${config.baseUrl}\n`);

  stop = async () => {
    worker.off('exit', ended);
    stopping.abort();
    await door.close();
    watch.stop();
    await storage.close();
    await index.close();
    terminology.close();
    await audit.close();
    await auth.close();
    await answers.close();
    unlock();
  };
}

main().catch((error: unknown) => {
  process.stderr.write(`${startFailure(error)}\n`);
  process.exit(1);
});
