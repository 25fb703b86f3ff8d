import { resourceOf } from '../clients/answer.ts';
import { directoryOf } from '../clients/directory.ts';
import { patientSession } from '../clients/login.ts';
import { missingFrom, type Named } from '../clients/record-graph.ts';
import { nameOf, type Found } from '../clients/record-view.ts';
import type { Session } from '../clients/session.ts';
import { exportOf, mapReferences, resourcesOf } from '../clients/synthea.ts';
import { FHIR_BASE } from '../clients/target.ts';

const OTHERS = ['Organization', 'Location', 'Practitioner', 'PractitionerRole', 'Consent'];

/** Reads only, so that it may share dionne with the suites that only give and revoke Consents. */
let dionne: Session & { patient: string };
let expected: Named[];
let everything: Found[];
let record: Found[];

const named = (found: Found): Named => ({
  name: nameOf(found),
  resource: mapReferences(found, (text) =>
    text.startsWith(`${FHIR_BASE}/`) ? text.slice(FHIR_BASE.length + 1) : text,
  ),
});

beforeAll(async () => {
  dionne = await patientSession('dionne');
  const directory = await directoryOf(dionne);
  expected = resourcesOf(exportOf('dionne')).map((resource) => ({
    name: `urn:uuid:${String(resource['id'])}`,
    resource: mapReferences(resource, (text) => directory.get(text) ?? text),
  }));
  everything = await dionne.find(`Patient/${dionne.patient}/$everything`);
  record = everything.filter(({ resourceType }) => !OTHERS.includes(resourceType));
});

test('a patient who logs in is told whose record it is', () => {
  expect(dionne.fhirUser).toBe(`Patient/${dionne.patient}`);
});

test('$everything gives a patient all of what the hospital loaded, and the same', () => {
  const missing = missingFrom(record.map(named), expected);
  expect(missing.slice(0, 5)).toEqual([]);
});

test('$everything gives each resource once', () => {
  expect(new Set(everything.map(nameOf)).size).toBe(everything.length);
});

test('$everything gives nobody else’s', () => {
  const people = everything.filter(({ resourceType }) => resourceType === 'Patient');
  expect(people.map(({ id }) => id)).toEqual([dionne.patient]);
  for (const resource of record) {
    for (const [reference] of JSON.stringify(resource).matchAll(/"Patient\/[^"]*"/g)) {
      expect(reference).toBe(`"Patient/${dionne.patient}"`);
    }
  }
});

test('reading each resource gives what $everything gave', async () => {
  expect(record.length).toBeGreaterThanOrEqual(expected.length);
  for (let at = 0; at < record.length; at += 16) {
    await Promise.all(
      record.slice(at, at + 16).map(async (resource) => {
        expect(resourceOf(await dionne.get(nameOf(resource)))).toEqual(resource);
      }),
    );
  }
});

test('a search of each type finds as many as were loaded', async () => {
  const types = new Set(expected.map(({ resource }) => resource.resourceType));
  for (const type of [...types].filter(
    (name) => name !== 'Patient' && name !== 'Medication' && name !== 'Provenance',
  )) {
    const found = await dionne.find(`${type}?patient=${dionne.patient}&_count=100`);
    expect([type, found.length]).toEqual([
      type,
      expected.filter(({ resource }) => resource.resourceType === type).length,
    ]);
  }
});

test('another patient’s record is not there: 404 throughout', async () => {
  const other = await patientSession('shannon');
  const [condition] = await other.find('Condition?_count=1');
  for (const path of [
    `Patient/${other.patient}`,
    `Condition/${condition?.id}`,
    `Patient/${other.patient}/$everything`,
  ]) {
    expect([path, (await dionne.get(path)).status]).toEqual([path, 404]);
  }
  expect((await dionne.find(`Condition?patient=${other.patient}`)).length).toBe(0);
});

test('a patient changes the own phone number, and not the own identifiers', async () => {
  const before = resourceOf(await dionne.get(`Patient/${dionne.patient}`));
  const put = async (change: object) =>
    dionne.request('PUT', `Patient/${dionne.patient}`, { ...before, ...change });
  const telecom = [{ system: 'phone', value: '555-010-2030', use: 'mobile' }];
  try {
    const changed = await put({ telecom });
    expect([changed.status, resourceOf(changed)['telecom']]).toEqual([200, telecom]);
    expect(
      (await put({ identifier: [{ system: 'http://hospital.example', value: 'another' }] })).status,
    ).toBe(403);
  } finally {
    expect((await put({})).status).toBe(200);
  }
});

test('a patient does not change the medical record', async () => {
  const [condition] = await dionne.find('Condition?_count=1');
  const answers = [
    await dionne.request('PUT', `Condition/${condition?.id}`, { ...condition, note: [{ text: 'no' }] }),
    await dionne.request('DELETE', `Condition/${condition?.id}`),
    await dionne.request('POST', 'Condition', { ...condition, id: undefined }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
});
