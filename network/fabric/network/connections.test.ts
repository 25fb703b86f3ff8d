import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConnection } from '../client/connection.ts';
import { writeConnections } from './connections.ts';
import { defineNetwork, organisation } from './definition.ts';
import { binariesIn } from './native/binaries.ts';
import { newNetwork, type Network } from './network.ts';
import { writeMaterial } from './up.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'connections-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function written(fabricCa: boolean, containers = false): Promise<Network> {
  const network = newNetwork(
    folder,
    defineNetwork({ peers: 2, fabricCa }),
    binariesIn('/nowhere'),
    containers,
  );
  await writeMaterial(network);
  writeConnections(network);
  return network;
}

const file = (...path: string[]) => join(folder, 'connections', ...path);

test('the gateway’s reader finds peers, orderers and TLS roots in each organisation’s file', async () => {
  await written(true);
  for (const [name, mspId] of [
    ['hospital', 'HospitalMSP'],
    ['lab', 'LabMSP'],
  ]) {
    const connection = readConnection(file(`${name}.json`));
    expect(connection).toMatchObject({ mspId, channel: 'mychannel', chaincode: 'ehr' });
    expect(connection.orderers).toHaveLength(3);
    expect(connection.organisations.map(({ peers }) => peers.map((peer) => peer.name))).toEqual([
      ['peer0.hospital.example', 'peer1.hospital.example'],
      ['peer0.lab.example', 'peer1.lab.example'],
    ]);
    const [peer] = connection.organisations[0]?.peers ?? [];
    expect(peer?.url).toBe('grpcs://127.0.0.1:7051');
    expect(peer?.rootCertificates).toContain('BEGIN CERTIFICATE');
  }
});

test('where a Fabric CA runs, a gateway gets its own organisation’s registrar and no CA key', async () => {
  await written(true);
  const { certificateAuthority, authority } = readConnection(file('lab.json'));
  expect(certificateAuthority).toMatchObject({ caName: 'ca.lab.example', url: 'https://127.0.0.1:7065' });
  const secret = certificateAuthority?.registrar?.enrollSecretFile ?? '';
  expect(readFileSync(secret, 'utf8')).toMatch(/^[\w-]{32}$/);
  expect(statSync(secret).mode & 0o777).toBe(0o600);
  expect(authority).toBeUndefined();
});

test('where none runs, it gets its own organisation’s CA key', async () => {
  await written(false);
  const { certificateAuthority, authority } = readConnection(file('hospital.json'));
  expect(certificateAuthority).toBeUndefined();
  expect(authority?.privateKey).toContain(join('organisations', 'hospital', 'ca'));
  expect(statSync(authority?.privateKey ?? '').mode & 0o777).toBe(0o600);
});

test('gateways in containers find nodes by name, those on this machine by its ports', async () => {
  await written(true, true);
  const url = (...path: string[]) => readConnection(file(...path)).organisations[1]?.peers[0]?.url;
  expect(url('lab.json')).toBe('grpcs://127.0.0.1:7061');
  expect(url('containers', 'lab.json')).toBe('grpcs://peer0.lab.example:7061');
});

test('the adapter that an operator chose stays when the files are written again', async () => {
  const network = await written(false);
  const chosen = readFileSync(file('lab.json'), 'utf8').replace('"fabric-gateway"', '"fabric-network"');
  writeFileSync(file('lab.json'), chosen);
  writeConnections(network);
  expect(['hospital.json', 'lab.json'].map((name) => readConnection(file(name)).adapter)).toEqual([
    'fabric-gateway',
    'fabric-network',
  ]);
});

test('peers of a member that is no founder are not asked to endorse', async () => {
  const network = await written(true);
  const { definition } = network;
  const organisations = [...definition.organisations, organisation('clinic', 2, definition.basePort, 1)];
  const joined = { ...network, definition: { ...definition, organisations } };
  await writeMaterial(joined);
  writeConnections(joined);
  const { organisations: read } = readConnection(file('clinic.json'));
  expect(read.map(({ mspId, endorses }) => [mspId, endorses])).toEqual([
    ['HospitalMSP', true],
    ['LabMSP', true],
    ['ClinicMSP', false],
  ]);
});

test('keys are the owner’s alone', async () => {
  await written(true);
  const keys = [
    'ca/key.pem',
    'tls-ca/key.pem',
    'admin/msp/keystore/key.pem',
    'nodes/peer0.lab.example/tls/server.key',
  ].map((key) => join(folder, 'organisations', 'lab', key));
  expect(keys.every(existsSync)).toBe(true);
  expect(keys.map((key) => statSync(key).mode & 0o777)).toEqual(keys.map(() => 0o600));
});
