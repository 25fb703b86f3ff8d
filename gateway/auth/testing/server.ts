import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { exportJWK, generateKeyPair, type CryptoKey } from 'jose';
import { FhirError } from '../../fhir/errors.ts';
import { createAuth, type Auth, type AuthDependencies } from '../auth.ts';

export const PASSWORD = 'demo-Passw0rd';
export const LOOPBACK = 'http://127.0.0.1:53123/callback';

const PEOPLE_SCOPES = [
  ...['openid', 'fhirUser', 'profile', 'offline_access', 'online_access', 'launch/patient'],
  ...['patient/*.cruds', 'user/*.cruds'],
];

export interface TestGateway {
  /** The first replica's. */
  auth: Auth;
  /** All replicas'. Requests go to them in turn. */
  auths: readonly Auth[];
  baseUrl: string;
  fhirBase: string;
  /** The private keys of `hospital-system`, by algorithm. */
  keys: Record<'RS384' | 'ES384', CryptoKey>;
  /** Moves the gateway's clock, not the system's. */
  advance(milliseconds: number): void;
  errors: unknown[];
  /** Closes the authorization servers and opens them again on the same database, at the same address. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a gateway on a database of its own. */
export type StartGateway = (overrides?: Partial<AuthDependencies>) => Promise<TestGateway>;

/**
 * A server with the authorization server (with several replicas of it, which take turns), a FHIR path that answers the principal, two patients, a doctor and an HR
 * account (password PASSWORD), and the clients `demo-app`, `narrow-app` and `hospital-system`.
 */
export async function startGateway(
  overrides: Partial<AuthDependencies> = {},
  replicas = 1,
): Promise<TestGateway> {
  let offset = 0;
  const errors: unknown[] = [];
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const dependencies: AuthDependencies = {
    baseUrl,
    database: ':memory:',
    secret: 'a secret of the tests, long enough for it',
    knowsParameter: (_type, name) => ['category', 'code', 'status'].includes(name),
    clock: () => Date.now() + offset,
    onError: (error) => errors.push(error),
    ...overrides,
  };
  const open = (): Promise<Replica[]> =>
    Promise.all(Array.from({ length: replicas }, () => openReplica(dependencies)));
  let opened = await open();
  let turn = 0;
  server.on('request', (request, response) => {
    const replica = opened[(turn += 1) % replicas];
    void replica?.handle(request, response);
  });
  const closeAll = async (): Promise<void> => {
    for (const { auth } of opened) await auth.close();
  };
  const first = (): Auth => {
    const [replica] = opened;
    if (!replica) throw new Error('no replica');
    return replica.auth;
  };
  const keys = await seed(first());
  return {
    get auth() {
      return first();
    },
    get auths() {
      return opened.map(({ auth }) => auth);
    },
    async restart() {
      await closeAll();
      opened = await open();
    },
    ...{ baseUrl, fhirBase: `${baseUrl}/fhir/R4`, keys, errors },
    advance: (milliseconds) => {
      offset += milliseconds;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await closeAll();
    },
  };
}

interface Replica {
  auth: Auth;
  handle: (...exchange: Parameters<RequestListener>) => Promise<void>;
}

async function openReplica(dependencies: AuthDependencies): Promise<Replica> {
  const auth = await createAuth(dependencies);
  const app = new Koa();
  app.use(auth.middleware);
  app.use(async (ctx) => {
    try {
      ctx.body = await auth.authenticate(ctx.get('Authorization') || undefined);
    } catch (error) {
      if (!(error instanceof FhirError)) throw error;
      ctx.status = error.status;
      ctx.set(error.headers);
      ctx.body = error.issues;
    }
  });
  return { auth, handle: app.callback() };
}

async function seed(auth: Auth): Promise<TestGateway['keys']> {
  const person = (name: string, role: 'patient' | 'doctor' | 'hr', fhirUser: string) =>
    auth.accounts.create({
      ...{ username: `${name}@demo.example`, password: PASSWORD, role, fhirUser, display: `The ${name}` },
      identity: { mspId: 'HospitalMSP', pseudonym: name },
      ...(role !== 'patient' && { organization: 'Organization/5' }),
    });
  await person('patient', 'patient', 'Patient/1');
  await person('patient2', 'patient', 'Patient/9');
  await person('doctor', 'doctor', 'Practitioner/2');
  await person('hr', 'hr', 'Practitioner/4');
  await auth.clients.create({
    ...{
      id: 'demo-app',
      name: 'Demo <app>',
      redirectUris: ['http://127.0.0.1/callback'],
      scopes: PEOPLE_SCOPES,
    },
    postLogoutRedirectUris: ['http://127.0.0.1/bye'],
  });
  await auth.clients.create({
    ...{ id: 'narrow-app', name: 'Narrow app', redirectUris: ['https://app.example/back'] },
    scopes: ['openid', 'patient/Observation.rs'],
  });
  const rsa = await generateKeyPair('RS384', { extractable: true });
  const ec = await generateKeyPair('ES384', { extractable: true });
  await auth.clients.create({
    ...{ id: 'hospital-system', name: 'The hospital’s system', scopes: ['system/*.cruds'] },
    jwks: {
      keys: [
        { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', alg: 'RS384', use: 'sig' },
        { ...(await exportJWK(ec.publicKey)), kid: 'ec', alg: 'ES384', use: 'sig' },
      ],
    },
    backend: {
      role: 'system',
      identity: { mspId: 'HospitalMSP', pseudonym: 'the-system' },
      organization: 'Organization/5',
    },
  });
  return { RS384: rsa.privateKey, ES384: ec.privateKey };
}
