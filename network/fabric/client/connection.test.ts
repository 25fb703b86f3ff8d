import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConnection } from './connection.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'connection-'));
  writeFileSync(join(folder, 'tls.pem'), 'the root of TLS');
});
afterEach(() => rmSync(folder, { recursive: true }));

const tlsCACerts = { path: 'tls.pem' };

/** A file of the hospital's, in a network of a hospital and a lab. */
function profile() {
  return {
    name: 'mychannel-hospital',
    version: '1.0.0',
    client: { organization: 'hospital' },
    organizations: {
      hospital: {
        mspid: 'HospitalMSP',
        peers: ['peer0.hospital.example'],
        certificateAuthorities: ['ca.hospital.example'],
      },
      lab: { mspid: 'LabMSP', peers: ['peer0.lab.example'] },
    },
    peers: {
      'peer0.hospital.example': {
        url: 'grpcs://127.0.0.1:7051',
        tlsCACerts,
        grpcOptions: { 'ssl-target-name-override': 'peer0.hospital.example' },
      },
      'peer0.lab.example': { url: 'grpcs://[::1]:7061', tlsCACerts },
    },
    orderers: { 'orderer0.example': { url: 'grpc://orderer:7091' } },
    channels: {
      mychannel: {
        orderers: ['orderer0.example'],
        peers: { 'peer0.hospital.example': {}, 'peer0.lab.example': {} },
      },
    },
    certificateAuthorities: {
      'ca.hospital.example': {
        url: 'https://127.0.0.1:7055',
        caName: 'ca.hospital.example',
        tlsCACerts,
        registrar: [{ enrollId: 'registrar', enrollSecretFile: 'registrar.secret' }],
      },
    },
    'x-gateway': {
      adapter: 'fabric-gateway',
      channel: 'mychannel',
      chaincode: 'ehr',
      authority: { certificate: 'ca.pem', privateKey: 'ca-key.pem' },
    },
  };
}

function read(content: unknown) {
  const file = join(folder, 'hospital.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return readConnection(file);
}

test('a connection file says who, where and through what', () => {
  expect(read(profile())).toEqual({
    mspId: 'HospitalMSP',
    channel: 'mychannel',
    chaincode: 'ehr',
    adapter: 'fabric-gateway',
    organisations: [
      {
        mspId: 'HospitalMSP',
        endorses: true,
        peers: [
          {
            name: 'peer0.hospital.example',
            url: 'grpcs://127.0.0.1:7051',
            address: '127.0.0.1:7051',
            rootCertificates: 'the root of TLS',
            options: { 'ssl-target-name-override': 'peer0.hospital.example' },
          },
        ],
      },
      {
        mspId: 'LabMSP',
        endorses: true,
        peers: [expect.objectContaining({ address: '[::1]:7061', options: {} })],
      },
    ],
    orderers: [expect.objectContaining({ address: 'orderer:7091', rootCertificates: undefined })],
    certificateAuthority: {
      url: 'https://127.0.0.1:7055',
      caName: 'ca.hospital.example',
      rootCertificates: 'the root of TLS',
      registrar: { enrollId: 'registrar', enrollSecretFile: join(folder, 'registrar.secret') },
    },
    authority: { certificate: join(folder, 'ca.pem'), privateKey: join(folder, 'ca-key.pem') },
  });
});

test('certificates may stand in the file itself, and a CA and the adapter be left out', () => {
  const content = profile();
  const { 'x-gateway': ours, organizations } = content;
  const found = read({
    ...content,
    organizations: {
      ...organizations,
      hospital: { mspid: 'HospitalMSP', peers: ['peer0.hospital.example'] },
    },
    peers: {
      ...content.peers,
      'peer0.hospital.example': { url: 'grpcs://127.0.0.1:7051', tlsCACerts: { pem: ['one', 'two'] } },
    },
    'x-gateway': { channel: ours.channel, chaincode: ours.chaincode },
  });
  expect(found.organisations[0]?.peers[0]?.rootCertificates).toBe('one\ntwo');
  expect(found).toMatchObject({ adapter: undefined, certificateAuthority: undefined, authority: undefined });
});

test('an organisation whose peers do not endorse is not asked to', () => {
  const content = profile();
  const peers = { 'peer0.hospital.example': {}, 'peer0.lab.example': { endorsingPeer: false } };
  const found = read({ ...content, channels: { mychannel: { ...content.channels.mychannel, peers } } });
  expect(found.organisations.map(({ endorses }) => endorses)).toEqual([true, false]);
});

type Content = ReturnType<typeof profile>;
test.each<[string, (content: Content) => unknown]>([
  ['x-gateway is missing', ({ 'x-gateway': _, ...rest }) => rest],
  ['client.organization is no text', (content) => ({ ...content, client: { organization: '' } })],
  [
    'channels.other is missing',
    (content) => ({ ...content, 'x-gateway': { channel: 'other', chaincode: 'ehr' } }),
  ],
  [
    'x-gateway.adapter is none of fabric-gateway, fabric-network',
    (content) => ({ ...content, 'x-gateway': { ...content['x-gateway'], adapter: 'other' } }),
  ],
  ['organizations.clinic is missing', (content) => ({ ...content, client: { organization: 'clinic' } })],
  [
    'organizations.lab.mspid is missing',
    (content) => ({ ...content, organizations: { ...content.organizations, lab: { peers: [] } } }),
  ],
  [
    'organizations.lab.peers is no list',
    (content) => ({
      ...content,
      organizations: { ...content.organizations, lab: { mspid: 'LabMSP', peers: {} } },
    }),
  ],
  [
    'organizations.hospital.peers names no peer of the channel',
    (content) => ({
      ...content,
      organizations: { ...content.organizations, hospital: { mspid: 'HospitalMSP', peers: [] } },
    }),
  ],
  [
    'peers.peer0.lab.example.url is no grpc:// or grpcs:// URL with a host and a port',
    (content) => ({
      ...content,
      peers: { ...content.peers, 'peer0.lab.example': { url: 'https://x', tlsCACerts } },
    }),
  ],
  [
    'peers.peer0.lab.example.tlsCACerts is missing',
    (content) => ({ ...content, peers: { ...content.peers, 'peer0.lab.example': { url: 'grpcs://x:1' } } }),
  ],
  [
    'peers.peer0.lab.example.tlsCACerts.path names a file that cannot be read',
    (content) => ({
      ...content,
      peers: {
        ...content.peers,
        'peer0.lab.example': { url: 'grpcs://x:1', tlsCACerts: { path: 'none.pem' } },
      },
    }),
  ],
  [
    'peers.peer0.lab.example.grpcOptions.x is neither a text nor a number',
    (content) => ({
      ...content,
      peers: {
        ...content.peers,
        'peer0.lab.example': { url: 'grpcs://x:1', tlsCACerts, grpcOptions: { x: true } },
      },
    }),
  ],
  [
    'channels.mychannel.orderers names no orderer',
    (content) => ({ ...content, channels: { mychannel: { ...content.channels.mychannel, orderers: [] } } }),
  ],
  [
    'channels.mychannel.orderers.0 names other, which is not in orderers',
    (content) => ({
      ...content,
      channels: { mychannel: { ...content.channels.mychannel, orderers: ['other'] } },
    }),
  ],
  [
    'channels.mychannel.peers names no peer that endorses',
    (content) => ({
      ...content,
      channels: {
        mychannel: {
          ...content.channels.mychannel,
          peers: { 'peer0.hospital.example': { endorsingPeer: false } },
        },
      },
    }),
  ],
  [
    'organizations.hospital.certificateAuthorities.0 names ca.hospital.example, which is not in certificateAuthorities',
    (content) => ({ ...content, certificateAuthorities: {} }),
  ],
  [
    'x-gateway.authority.privateKey is missing',
    (content) => ({ ...content, 'x-gateway': { ...content['x-gateway'], authority: { certificate: 'x' } } }),
  ],
  ['the file is no object', () => []],
])('%s', (message, change) => {
  expect(() => read(change(profile()))).toThrow(`${join(folder, 'hospital.json')}: ${message}`);
});

test('a file that is not there, or no JSON, is told as such', () => {
  expect(() => read('{')).toThrow('hospital.json is no JSON');
  expect(() => readConnection(join(folder, 'none.json'))).toThrow('none.json cannot be read');
});
