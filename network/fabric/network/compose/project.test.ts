import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineNetwork } from '../definition.ts';
import { binariesIn } from '../native/binaries.ts';
import { newNetwork, openNetwork, type Network } from '../network.ts';
import { composeProject } from './project.ts';
import { composeFile, writeCompose } from './write.ts';

interface Service {
  image: string;
  hostname?: string;
  profiles?: string[];
  build?: { context: string; dockerfile: string; target: string };
  ports?: string[];
  volumes?: string[];
  env_file?: string[];
  environment?: Record<string, unknown>;
}

let folder: string;
let network: Network;
let services: Record<string, Service>;
let volumes: Record<string, unknown>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'compose-'));
  const definition = defineNetwork({ peers: 2 });
  network = await writeCompose(newNetwork(folder, definition, binariesIn('/usr/local/bin'), true));
  ({ services, volumes } = composeProject(network, join(import.meta.dirname, '../../../..')) as unknown as {
    services: Record<string, Service>;
    volumes: Record<string, unknown>;
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

const all = () => Object.entries(services);

test('every node of the definition is a container that is found by its name', () => {
  const { organisations, ordering } = network.definition;
  const names = [
    ...ordering.orderers.map(({ name }) => name),
    ...organisations.flatMap((own) => [...own.peers, own.ca, own.chaincode].map(({ name }) => name)),
  ];
  for (const name of names) expect(services[name]).toMatchObject({ hostname: name });
  expect(all().filter(([, { profiles }]) => !profiles)).toHaveLength(names.length);
});

test('images are Fabric’s, PostgreSQL’s and our own, and ours have a Dockerfile with their target', () => {
  for (const [, { image, build }] of all()) {
    expect(image).toMatch(/^(hyperledger\/fabric-(peer|orderer|ca):|postgres:|fhir-fabric-gateway\/)/);
    expect(build !== undefined).toBe(image.startsWith('fhir-fabric-gateway/'));
    if (!build) continue;
    const dockerfile = readFileSync(join(build.context, build.dockerfile), 'utf8');
    expect(dockerfile).toContain(` AS ${build.target}\n`);
  }
});

test('ports are published on the loopback alone, each once', () => {
  const ports = all().flatMap(([, service]) => service.ports ?? []);
  expect(ports.every((port) => /^127\.0\.0\.1:(\d+):\1$/.test(port))).toBe(true);
  expect(new Set(ports).size).toBe(ports.length);
});

test('every file and folder that is mounted is there, and every volume is declared', () => {
  const mounts = all().flatMap(([, service]) => service.volumes ?? []);
  for (const [source = ''] of mounts.map((mount) => mount.split(':'))) {
    if (source.startsWith('.')) expect([source, existsSync(join(folder, source))]).toEqual([source, true]);
    else expect(Object.keys(volumes)).toContain(source);
  }
  for (const file of all().flatMap(([, { env_file = [] }]) => env_file)) {
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  }
});

test('a container sees no other organisation’s secrets', () => {
  for (const name of ['hospital', 'lab']) {
    const other = name === 'hospital' ? 'lab' : 'hospital';
    const mine = all().filter(([service]) => service.endsWith(`.${name}.example`));
    expect(mine.length).toBeGreaterThan(4);
    const seen = mine.flatMap(([, { volumes: mounts = [] }]) => mounts.map((mount) => mount.split(':')[0]));
    expect(seen.filter((path) => path?.includes(`/${other}/`))).toEqual(
      seen.filter((path) => path?.endsWith(`/${other}/tls-ca/certificate.pem`)),
    );
  }
});

test('the file itself holds no secret', () => {
  const text = readFileSync(composeFile(folder), 'utf8');
  expect(text).not.toMatch(/PRIVATE KEY|SECRET=|password/i);
  const password = /PASSWORD=(\w+)/.exec(
    readFileSync(join(folder, 'gateways/lab/postgres.env'), 'utf8'),
  )?.[1];
  expect(password).toMatch(/^\w{48}$/);
  expect(text).not.toContain(password);
});

test('written again, certificates, secrets and the chaincode’s id stay as they are', async () => {
  const before = readFileSync(composeFile(folder), 'utf8');
  const secret = readFileSync(join(folder, 'gateways/hospital/gateway.env'), 'utf8');
  const there = openNetwork(folder);
  if (!there) throw new Error('no network');
  await writeCompose(there);
  expect(readFileSync(composeFile(folder), 'utf8')).toBe(before);
  expect(readFileSync(join(folder, 'gateways/hospital/gateway.env'), 'utf8')).toBe(secret);
});
