import { createHmac, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { parameterOf } from '@fhir-fabric-gateway/mappings';
import { pino } from 'pino';
import { openAuditReader } from './audit/index.ts';
import { createAuth } from './auth/index.ts';
import { auditFile, type StorageConfig } from './cli/open-storage.ts';
import { ConfigError, readConfig, type Config } from './config.ts';
import { seedDemo } from './demo/seed.ts';
import { openAnswerStore } from './fhir/idempotency.ts';
import { createValidator, type Validator } from './fhir/validation/validator.ts';
import { Throttle } from './fhir/throttle.ts';
import { KeyedQueue } from './fhir/write/keyed-queue.ts';
import { createGateway } from './gateway.ts';
import { openIndexReader } from './index-store/index.ts';
import type { Services } from './services.ts';
import { foundLedger } from './setup/found-ledger.ts';
import { LockedError, lockDataDir } from './storage/lock.ts';
import { connectStorage } from './storage/client.ts';
import { landingPage } from './ui/landing.ts';

/** Milliseconds that requests under way get when the process is told to stop. */
const FINISH_WITHIN = 10_000;

/** The composition root: reads the environment once, opens everything, serves, and closes it all on SIGTERM. */
async function main(): Promise<void> {
  process.umask(0o077);
  const config = readConfig(process.env, process.argv.includes('--demo'));
  const log = pino({ level: config.logLevel }, pino.destination(2));
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const fhirBase = `${config.baseUrl}/fhir/R4`;
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });

  const unlock = lockDataDir(config.dataDir);
  const worker = startStorage(config, fhirBase);
  const storage = connectStorage(worker);
  await storage.ready();
  const index = await openIndexReader({ file: config.indexFile, fhirBase });
  const [first] = config.organisations;
  const audit = openAuditReader({
    file: auditFile(config.dataDir),
    source: { baseUrl: fhirBase, ...(first && { organization: `Organization/${first.organization}` }) },
    clock: Date.now,
  });
  const validator: Validator = createValidator();
  const onFailure = (error: unknown, requestId = '') =>
    log.error({ err: error, requestId }, 'a request failed');
  const auth = await createAuth({
    baseUrl: config.baseUrl,
    database: join(config.dataDir, 'auth.db'),
    secret: config.masterSecret,
    knowsParameter: (type, name) => parameterOf(type, name) !== undefined,
    onError: onFailure,
  });
  const answers = openAnswerStore(join(config.dataDir, 'answers.db'));
  const services: Services = {
    ledger: storage.ledger,
    index,
    audit,
    validate: (resource) => validator.validate(resource),
    fhirBase,
    policyUris: config.consentPolicies,
    clock: Date.now,
    newId: randomUUID,
    pageSecret: createHmac('sha256', config.masterSecret).update('paging links').digest(),
    onFailure,
    answers,
    updates: new KeyedQueue(),
    lookups: new Throttle({ burst: 20, perMinute: 30 }),
  };
  await foundLedger(config.organisations, storage, services);

  const app = createGateway({
    services,
    audit: (records) => storage.audit(records),
    authenticate: (authorization) => auth.authenticate(authorization),
    ready: () => storage.ready(),
    baseUrl: config.baseUrl,
    version,
    maxBody: config.maxBody,
    trustedProxies: config.trustedProxies,
    middleware: [auth.middleware, landingPage({ ...config, fhirBase, version })],
  });
  const handle = app.callback();
  let stopping = false;
  const server = createServer((request, response) => {
    // A client that keeps its connection busy would never let the server end.
    if (stopping) response.shouldKeepAlive = false;
    void handle(request, response);
  });
  await listen(server, config);
  if (config.demo) await seedDemo({ config, storage, auth, log });
  process.stdout.write(`ready ${config.baseUrl}\n`);

  const ended = (code: number) => {
    log.fatal({ code }, 'the storage thread ended: nothing can be written or audited');
    process.exit(1);
  };
  worker.once('exit', ended);

  const stop = async () => {
    worker.off('exit', ended);
    stopping = true;
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeIdleConnections();
      // Whoever is not done by then never meant to be.
      setTimeout(() => server.closeAllConnections(), FINISH_WITHIN).unref();
    });
    await storage.close();
    await index.close();
    audit.close();
    auth.close();
    answers.close();
    unlock();
  };
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
}

function startStorage(config: Config, fhirBase: string): Worker {
  const { dataDir, indexFile, masterSecret, organisations, consentPolicies: policyUris } = config;
  const workerData: StorageConfig = {
    dataDir,
    indexFile,
    masterSecret,
    fhirBase,
    mspIds: organisations.map(({ mspId }) => mspId),
    policyUris,
  };
  return new Worker(new URL('./cli/storage-worker.ts', import.meta.url), { workerData });
}

function listen(server: Server, { host, port }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
}

main().catch((error: unknown) => {
  const message =
    error instanceof ConfigError || error instanceof LockedError
      ? error.message
      : error instanceof Error
        ? error.stack
        : String(error);
  process.stderr.write(`${message}\n`);
  process.exit(1);
});
