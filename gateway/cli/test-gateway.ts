import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IdentityRef, Query, Role } from '@fhir-fabric-gateway/chaincode/api';
import { createLabeller, withholdSearchParameters } from '@fhir-fabric-gateway/mappings';
import { openAuditReader } from '../audit/index.ts';
import { parseScopes } from '../auth/scopes.ts';
import { FhirError } from '../fhir/errors.ts';
import { withoutHeldRules } from '../fhir/freshness-gate.ts';
import { openAnswerStore } from '../fhir/idempotency.ts';
import { createValidator, type Validator } from '../fhir/validation/validator.ts';
import { Throttle } from '../fhir/throttle.ts';
import { KeyedQueue } from '../fhir/write/keyed-queue.ts';
import { Freshness } from '../freshness.ts';
import { createGateway } from '../gateway.ts';
import { Changes, openIndexReader } from '../index-store/index.ts';
import type { IndexReader } from '../index-store/port.ts';
import type { OrganisationSettings } from '../organisations.ts';
import type { Principal } from '../principal.ts';
import type { Services } from '../services.ts';
import { foundLedger } from '../setup/found-ledger.ts';
import { untilDone } from '../setup/patience.ts';
import { notIndexed, readOwnParameters } from '../setup/own-parameters.ts';
import { register } from '../setup/register.ts';
import type { Storage } from '../storage/client.ts';
import { openTerminology } from '../terminology/index.ts';
import { watchFreshness } from '../watch-freshness.ts';
import { openStorage, type OpenStorage, type StorageParts } from './open-storage.ts';
import { isPostgres } from '../database/open.ts';
import { loadedDefinitions, storesOf } from './stores.ts';
import type { SharedLedger } from './testing/shared-ledger.ts';

export const ORGANISATIONS = [
  { mspId: 'HospitalMSP', organization: 'hospital', name: 'Hospital' },
  { mspId: 'LabMSP', organization: 'lab', name: 'Lab' },
];

export interface Person {
  role: Role;
  /** One of the gateway's; its first by default. */
  mspId?: string;
  /** `Practitioner/2`, `Patient/1`: must be on the ledger already. */
  fhirUser?: string;
  scopes?: string;
  purpose?: string;
}

export interface TestGatewayOptions extends Omit<StorageParts, 'openLedger'> {
  /** A ledger that several gateways share, and the organisation whose gateway this is; else one of its own, for all. */
  on?: { network: SharedLedger; mspId: string };
  /** All of the ledger's, as this gateway is told. */
  organisations?: readonly OrganisationSettings[];
  /** The index; a SQLite file by default. With `postgres://...` all stores are in that database. */
  indexUrl?: string;
  /** Folder of the operator's SearchParameters. */
  searchParameters?: string;
  /** Milliseconds. */
  maxStale?: number;
  /** `Consent.policy.uri`s that it enforces. */
  policyUris?: readonly string[];
  /** Told why it waits before it is there. */
  waiting?: (why: string) => void;
  /** Told of each alarm. */
  alarm?: (what: string) => void;
  /** What clients see in the place of the address that it listens at. */
  baseUrl?: string;
  /** Where ids come from; chance by default. */
  newId?: () => string;
  /** Puts something else in the place of what reads the index. */
  readsThrough?: (index: IndexReader) => IndexReader;
}

export interface TestGateway {
  fhirBase: string;
  /** Where it listens: `fhirBase`, unless clients see another. */
  address: string;
  services: Services;
  storage: OpenStorage;
  /** Enrols and registers somebody, and answers the bearer token that stands for them. */
  enter(person: Person): Promise<string>;
  /** Whom a token stands for. */
  principalOf(token: string): Principal;
  /** Lets in, with the same token, whom another replica of the organisation has let in. */
  admit(token: string, principal: Principal): void;
  /** Where everything is on disk. */
  dataDir: string;
  close(): Promise<void>;
}

/**
 * A whole gateway in this process, for integration tests: everything is real but the tokens, each of which stands for a
 * principal that the test made.
 */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { on, maxStale = 30_000, searchParameters, policyUris = [], ...parts } = options;
  const dataDir = mkdtempSync(join(tmpdir(), 'gateway-'));
  const server = await listen();
  const listensAt = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { baseUrl = listensAt, newId = randomUUID, readsThrough = (index) => index } = options;
  const fhirBase = `${baseUrl}/fhir/R4`;
  const { indexUrl = join(dataDir, 'index.db') } = options;
  const stores = storesOf({ dataDir, indexUrl });
  const { organisations = ORGANISATIONS } = options;
  const own = organisations.filter(({ mspId }) => !on || mspId === on.mspId);
  const changes = isPostgres(stores.index) ? undefined : new Changes();
  const storage = await openStorage(
    {
      ...(changes && { indexChanges: changes.shared }),
      ...{ dataDir, indexUrl, fhirBase, ledger: { engine: 'embedded' }, policyUris },
      masterSecret: 'a secret for tests, and for nothing else',
      mspIds: own.map(({ mspId }) => mspId),
      ...(searchParameters !== undefined && { searchParameters }),
    },
    { ...parts, ...(on && { openLedger: on.network.accessOf(on.mspId) }) },
  );
  const stopping = new AbortController();
  const patience = { waiting: options.waiting ?? (() => undefined), signal: stopping.signal };
  await untilDone(() => storage.ready(), patience);
  const clock = () => performance.now();
  const freshness = new Freshness({ maxStale, clock });
  const watch = watchFreshness(storage, freshness, clock, () => undefined);
  const terminology = openTerminology({ loaded: loadedDefinitions(dataDir), fhirBase });
  const reader = await openIndexReader({
    ...{ url: stores.index, fhirBase, codes: terminology },
    ...(changes && { changes }),
  });
  const ownParameters = await readOwnParameters(searchParameters);
  withholdSearchParameters(notIndexed(ownParameters, await reader.parameters()));
  const audit = await openAuditReader({ url: stores.audit, source: { baseUrl: fhirBase }, clock: Date.now });
  const validator: Validator = createValidator();
  const answers = await openAnswerStore(stores.answers);
  const services: Services = {
    ledger: { submit: (...call) => storage.submit(...call) },
    index: readsThrough(withoutHeldRules(reader, freshness)),
    freshness,
    audit,
    terminology,
    validate: (resource) => validator.validate(resource),
    fhirBase,
    policyUris,
    labeller: createLabeller(),
    clock: Date.now,
    newId,
    pageSecret: randomBytes(32),
    onFailure: (error) => process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`),
    answers,
    updates: new KeyedQueue(),
    lookups: new Throttle({ burst: 20, perMinute: 60 }),
  };
  const port: Pick<Storage, 'ledger' | 'enroll'> = {
    ledger: {
      ...services.ledger,
      evaluate: (identity: IdentityRef, query: Query) => storage.ledger.evaluate(identity, query),
      height: () => storage.ledger.height(),
    },
    enroll: storage.enroll,
  };
  await foundLedger({ organisations, own }, port, services, patience);
  await watch.looked;

  const tokens = new Map<string, Principal>();
  const app = createGateway({
    services,
    audit: (records) => storage.audit(records),
    authenticate: async (authorization) => {
      const principal = tokens.get(authorization?.replace('Bearer ', '') ?? '');
      if (!principal)
        throw new FhirError(
          401,
          { code: 'login', diagnostics: 'No token.' },
          { 'WWW-Authenticate': 'Bearer' },
        );
      return principal;
    },
    ready: () => (freshness.stale ? Promise.reject(new Error('stale')) : Promise.resolve()),
    baseUrl,
    version: 'test',
    maxBody: 16 * 1024 * 1024,
  });
  const handle = app.callback();
  server.on('request', (request, response) => void handle(request, response));

  return {
    fhirBase,
    address: `${listensAt}/fhir/R4`,
    services,
    storage,
    dataDir,
    principalOf(token) {
      const principal = tokens.get(token);
      if (!principal) throw new RangeError('no such token');
      return principal;
    },
    admit: (token, principal) => void tokens.set(token, principal),
    async enter({ role, mspId = own[0]?.mspId ?? '', fhirUser, scopes = 'user/*.cruds', purpose = 'TREAT' }) {
      const identity = await register({ mspId, role, ...(fhirUser !== undefined && { fhirUser }) }, port);
      const organization = ORGANISATIONS.find((one) => one.mspId === mspId)?.organization;
      const token = randomUUID();
      tokens.set(token, {
        identity,
        requester: {
          role,
          ...(fhirUser !== undefined && { person: fhirUser }),
          ...(role !== 'patient' &&
            organization !== undefined && { organization: `Organization/${organization}` }),
        },
        ...(role === 'patient' && fhirUser !== undefined && { patient: fhirUser.replace('Patient/', '') }),
        scopes: parseScopes(scopes),
        purpose,
        client: 'test',
        display: role,
        tokenId: token,
      });
      return token;
    },
    async close() {
      stopping.abort();
      await new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      watch.stop();
      await storage.close();
      await reader.close();
      terminology.close();
      await audit.close();
      await answers.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

async function listen(): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
