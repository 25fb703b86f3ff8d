import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IdentityRef, Query, Role } from '@fhir-fabric-gateway/chaincode/api';
import { openAuditReader } from '../audit/index.ts';
import { parseScopes } from '../auth/scopes.ts';
import { FhirError } from '../fhir/errors.ts';
import { openAnswerStore } from '../fhir/idempotency.ts';
import { createValidator, type Validator } from '../fhir/validation/validator.ts';
import { Throttle } from '../fhir/throttle.ts';
import { KeyedQueue } from '../fhir/write/keyed-queue.ts';
import { createGateway } from '../gateway.ts';
import { openIndexReader } from '../index-store/index.ts';
import type { Principal } from '../principal.ts';
import type { Services } from '../services.ts';
import { foundLedger } from '../setup/found-ledger.ts';
import { register } from '../setup/register.ts';
import { auditFile, openStorage, type OpenStorage } from './open-storage.ts';

const ORGANISATIONS = [
  { mspId: 'HospitalMSP', organization: 'hospital', name: 'Hospital' },
  { mspId: 'LabMSP', organization: 'lab', name: 'Lab' },
];

export interface Person {
  role: Role;
  mspId?: string;
  /** `Practitioner/2`, `Patient/1`: must be on the ledger already. */
  fhirUser?: string;
  scopes?: string;
  purpose?: string;
}

export interface TestGateway {
  fhirBase: string;
  services: Services;
  storage: OpenStorage;
  /** Enrols and registers somebody, and answers the bearer token that stands for them. */
  enter(person: Person): Promise<string>;
  /** Whom a token stands for. */
  principalOf(token: string): Principal;
  /** Where everything is on disk. */
  dataDir: string;
  close(): Promise<void>;
}

/**
 * A whole gateway in this process, on a ledger in a folder of its own, for integration tests: everything is real but
 * the tokens, each of which stands for a principal that the test made.
 */
export async function startTestGateway(): Promise<TestGateway> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gateway-'));
  const server = await listen();
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const fhirBase = `${baseUrl}/fhir/R4`;
  const indexFile = join(dataDir, 'index.db');
  const storage = await openStorage({
    dataDir,
    indexFile,
    masterSecret: 'a secret for tests, and for nothing else',
    fhirBase,
    mspIds: ORGANISATIONS.map(({ mspId }) => mspId),
    policyUris: [],
  });
  const index = await openIndexReader({ file: indexFile, fhirBase });
  const audit = openAuditReader({ file: auditFile(dataDir), source: { baseUrl: fhirBase }, clock: Date.now });
  const validator: Validator = createValidator();
  const answers = openAnswerStore(':memory:');
  const services: Services = {
    ledger: { submit: (identity, commands) => storage.submit(identity, commands) },
    index,
    audit,
    validate: (resource) => validator.validate(resource),
    fhirBase,
    policyUris: [],
    clock: Date.now,
    newId: randomUUID,
    pageSecret: randomBytes(32),
    onFailure: (error) => process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`),
    answers,
    updates: new KeyedQueue(),
    lookups: new Throttle({ burst: 20, perMinute: 60 }),
  };
  const port = {
    ledger: {
      ...services.ledger,
      evaluate: (identity: IdentityRef, query: Query) => storage.ledger.evaluate(identity, query),
      height: () => storage.ledger.height(),
    },
    enroll: storage.enroll,
  };
  await foundLedger(ORGANISATIONS, port, services);

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
    ready: () => Promise.resolve(),
    baseUrl,
    version: 'test',
    maxBody: 16 * 1024 * 1024,
  });
  const handle = app.callback();
  server.on('request', (request, response) => void handle(request, response));

  return {
    fhirBase,
    services,
    storage,
    dataDir,
    principalOf(token) {
      const principal = tokens.get(token);
      if (!principal) throw new RangeError('no such token');
      return principal;
    },
    async enter({ role, mspId = 'HospitalMSP', fhirUser, scopes = 'user/*.cruds', purpose = 'TREAT' }) {
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
      await new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await storage.close();
      await index.close();
      audit.close();
      answers.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

async function listen(): Promise<Server> {
  const { createServer } = await import('node:http');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
