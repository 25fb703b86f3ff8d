import {
  encodeValue,
  type EntryValue,
  type GrantValue,
  type LedgerBlock,
  type LedgerValue,
  type Rule,
} from '@fhir-fabric-gateway/chaincode/api';
import { seal } from '../content/envelope.ts';
import { ledgerText } from '../content/resource-text.ts';
import type { Resource } from '../fhir/resource.ts';
import type { EntryProjection, IndexReader, IndexTransaction } from '../index-store/port.ts';
import { Parking } from './parking.ts';
import { projectBlock } from './project-block.ts';

const author = { mspId: 'HospitalMSP', pseudonym: 'a' };
const observation: Resource = {
  resourceType: 'Observation',
  status: 'final',
  category: [
    {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }],
    },
  ],
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
  subject: { reference: 'Patient/1' },
};
const consent: Resource = {
  resourceType: 'Consent',
  status: 'active',
  scope: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
  },
  category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
  patient: { reference: 'Patient/1' },
  policyRule: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'OPTIN' }] },
  provision: {
    type: 'permit',
    actor: [
      {
        role: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'IRCP' }],
        },
        reference: { reference: 'Practitioner/2' },
      },
    ],
  },
};
const permit: Rule = { type: 'permit', actors: ['Practitioner/2'] };

const entry = (resource: Resource, more: Partial<EntryValue> = {}): EntryValue => ({
  kind: 'entry',
  type: resource.resourceType,
  id: 'x',
  home: 'patient',
  patient: '1',
  organisation: 'HospitalMSP',
  version: 1,
  section: resource.resourceType === 'Consent' ? 'consent' : 'vitals',
  author,
  time: 0,
  command: 0,
  content: seal(ledgerText(resource)),
  ...more,
});

const grant = (consents: Record<string, Rule>): GrantValue => ({
  kind: 'grant',
  patient: '1',
  grantee: 'Practitioner/2',
  consents,
});

const block = (...values: LedgerValue[]): LedgerBlock => ({
  number: 7,
  transactions: [
    {
      txId: 't',
      index: 0,
      time: 0,
      creator: { mspId: 'HospitalMSP', certificate: '' },
      valid: true,
      outcomes: ['OK'],
      writes: values.map((value, n) => ({
        key: `${value.kind}/${n}`,
        keyHash: String(n),
        effect: 'put',
        value: encodeValue(value, new Uint8Array(16)),
      })),
    },
  ],
});

/** What the projector did to the index: entries put, names quarantined, rules kept, alarms raised. */
async function project(what: LedgerBlock, known: Partial<IndexReader> = {}) {
  const put: EntryProjection[] = [];
  const quarantined: string[] = [];
  const alarms: string[] = [];
  let grants: unknown;
  const unused = () => Promise.reject(new Error('not expected'));
  const tx: IndexTransaction = {
    putEntry: (one) => Promise.resolve(void put.push(one)),
    putRecord: unused,
    putGrants: (_patient, _grantee, consents) => Promise.resolve(void (grants = consents)),
    putPrivacy: unused,
    purgeEntry: unused,
    purgeEntries: unused,
    namesOf: unused,
    purgeVersion: unused,
    purgeGrants: unused,
    purgePrivacy: unused,
    rememberKey: () => Promise.resolve(),
    keyOf: () => Promise.resolve(undefined),
    forgetKey: unused,
    park: unused,
    unpark: unused,
    quarantine: ({ type, id, reason }) => Promise.resolve(void quarantined.push(`${type}/${id}: ${reason}`)),
  };
  const index = {
    get: () => Promise.resolve(undefined),
    record: () => Promise.resolve(undefined),
    ...known,
  } as IndexReader;
  await projectBlock(what, {
    tx,
    parking: new Parking([]),
    options: {
      index,
      fhirBase: 'http://here/fhir/R4',
      policyUris: [],
      labeller: () => [],
      alarm: (said) => alarms.push(said),
    },
  });
  return { put, quarantined, alarms, grants };
}

test('an honest entry is served with id and version, indexed and placed', async () => {
  const { put, quarantined } = await project(block(entry(observation)));
  expect(quarantined).toEqual([]);
  const [one] = put;
  expect(JSON.parse(new TextDecoder().decode(one?.content))).toEqual({
    ...observation,
    id: 'x',
    meta: { versionId: '1', lastUpdated: '1970-01-01T00:00:00.000Z' },
  });
  expect(one?.facets).toEqual([{ type: 'Observation', section: 'vitals', labels: [], date: null }]);
  expect(one?.indexed.map(({ parameter }) => parameter.code)).toContain('code');
});

const lying = (text: string, more: Partial<EntryValue> = {}) =>
  entry(observation, { content: seal(text), ...more });

test.each<[string, EntryValue]>([
  ['its section is another', entry(observation, { section: 'notes' })],
  ['its patient is another', entry(observation, { patient: '2' })],
  ['its home is another', entry(observation, { home: 'directory' })],
  ['its labels are others', entry(observation, { labels: ['http://x|R'] })],
  ['its content is of another type', entry(observation, { type: 'Condition', section: 'diagnosis' })],
  [
    'its content cannot be understood',
    entry(observation, { content: { enc: 'deflate', kid: 'r4-1', data: new Uint8Array([1, 2]) } }),
  ],
  [
    'its content cannot be understood',
    entry(observation, { content: { enc: 'none', kid: '', data: new Uint8Array() } }),
  ],
  ['its content cannot be understood', lying('null')],
  ['its content cannot be understood', lying('not json')],
  [
    'its content cannot be understood',
    lying(`{"resourceType":"Observation","contained":${'['.repeat(20_000)}${']'.repeat(20_000)}}`),
  ],
  ['its content is in another form', lying('{"status":"final","resourceType":"Observation"}')],
  ['its content is in another form', lying('{"resourceType":"Observation","id":"evil"}')],
  ['its content is in another form', lying('{"resourceType":"Observation","meta":{}}')],
  [
    'its content cannot be understood',
    lying('{"resourceType":"Observation","status":"final","status":"amended"}'),
  ],
  ['it says something else than what is in force', entry(consent)],
  [
    'it says something else than what is in force',
    entry({ ...consent, status: 'inactive' }, { grantees: ['Practitioner/2'] }),
  ],
])('an entry that lies is quarantined with an alarm: %s', async (reason, value) => {
  const { put, quarantined, alarms } = await project(block(value));
  expect(put).toEqual([]);
  expect(quarantined).toEqual([`${value.type}/x: ${reason}`]);
  expect(alarms).toEqual([`quarantined: ${reason}`]);
});

test('a Provenance is believed about its owner only as far as its targets are known to be that patient’s', async () => {
  const provenance: Resource = {
    resourceType: 'Provenance',
    target: [{ reference: 'Observation/of-another' }],
    recorded: '2026-01-01T00:00:00Z',
    agent: [{ who: { display: 'x' } }],
  };
  const stored = { patient: '2' } as Awaited<ReturnType<IndexReader['get']>>;
  const value = entry(provenance, { section: 'other' });
  const { quarantined } = await project(block(value), { get: () => Promise.resolve(stored) });
  expect(quarantined).toEqual(['Provenance/x: its patient is another']);
});

test('a grant counts as far as its Consent says so', async () => {
  const wider: Rule = { type: 'permit', actors: ['Practitioner/2', 'Practitioner/3'] };
  const written = entry(consent, { id: 'c1', grantees: ['Practitioner/2'] });
  expect(await project(block(written, grant({ c1: permit })))).toMatchObject({
    grants: { c1: permit },
    alarms: [],
  });
  expect(await project(block(written, grant({ c1: wider })))).toMatchObject({
    grants: {},
    alarms: ['a grant contradicts its Consent'],
  });
  expect(await project(block(grant({ nowhere: permit })))).toMatchObject({
    grants: {},
    alarms: ['a grant contradicts its Consent'],
  });
});

test('a grant of a record that is erased, whose Consents are gone, is nothing to look at', async () => {
  const record = () => Promise.resolve({ patient: '1', home: 'HospitalMSP', status: 'erased' } as const);
  expect(await project(block(grant({ c1: permit })), { record })).toMatchObject({ grants: {}, alarms: [] });
});

test('a grant of a Consent that came before is compared with that Consent as it is stored', async () => {
  const content = new TextEncoder().encode(JSON.stringify({ ...consent, id: 'c1' }));
  const stored = { patient: '1', deleted: false, content } as Awaited<ReturnType<IndexReader['get']>>;
  const known = { get: () => Promise.resolve(stored) };
  expect(await project(block(grant({ c1: permit })), known)).toMatchObject({
    grants: { c1: permit },
    alarms: [],
  });
  const other = { get: () => Promise.resolve(stored && { ...stored, patient: '2' }) };
  expect(await project(block(grant({ c1: permit })), other)).toMatchObject({ grants: {} });
});

test('an absolute reference makes nothing this gateway’s own, whoever’s base it is under', async () => {
  const absolute = { ...observation, subject: { reference: 'http://here/fhir/R4/Patient/1' } };
  const { quarantined } = await project(block(entry(absolute)));
  expect(quarantined).toEqual(['Observation/x: no-owner']);
});

test('a transaction that was invalidated leaves nothing', async () => {
  const what = block(entry(observation));
  const { put } = await project({
    ...what,
    transactions: what.transactions.map((one) => ({ ...one, valid: false })),
  });
  expect(put).toEqual([]);
});
