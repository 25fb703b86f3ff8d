import { ConsentDesk } from '../clients/consent-desk.ts';
import { consent, section } from '../clients/consents.ts';
import { heartRate } from '../clients/clinical.ts';
import { eventually } from '../clients/eventually.ts';
import { patientSession, staffSession } from '../clients/login.ts';
import { namesOf, searchRecord, totalOf, type Found } from '../clients/record-view.ts';
import type { Session } from '../clients/session.ts';

/** EditPrivacy: what a patient declares not private is read by everyone who works here, without a grant. */
let dionne: Session & { patient: string };
let doctor2: Session;
let lab: Session;
let desk: ConsentDesk;
let patient: string;
let allergies: Found[];
let declared: string;

beforeAll(async () => {
  [dionne, doctor2, lab] = await Promise.all([
    patientSession('dionne'),
    staffSession('doctor2'),
    staffSession('lab'),
  ]);
  ({ patient } = dionne);
  desk = new ConsentDesk(dionne);
  allergies = await searchRecord(dionne, patient, 'AllergyIntolerance');
  expect(allergies.length).toBeGreaterThan(0);
  declared = (await desk.give(consent(patient, { code: [section('allergies')] }))).id;
});

afterAll(async () => {
  await desk.restore();
});

test('doctors and labs without a grant read the allergies', async () => {
  for (const session of [doctor2, lab]) {
    const found = await eventually(
      () => searchRecord(session, patient, 'AllergyIntolerance'),
      ({ length }) => length === allergies.length,
    );
    expect(namesOf(found)).toEqual(namesOf(allergies));
    expect((await session.get(`AllergyIntolerance/${allergies[0]?.id}`)).status).toBe(200);
    expect((await session.get(`AllergyIntolerance/${allergies[0]?.id}/_history/1`)).status).toBe(200);
  }
});

test('and nothing else of the record', async () => {
  for (const type of [
    'Condition',
    'Observation',
    'Encounter',
    'Immunization',
    'Consent',
    'DiagnosticReport',
    'Claim',
  ]) {
    expect([type, await searchRecord(doctor2, patient, type)]).toEqual([type, []]);
    const [own] = await dionne.find(`${type}?_count=1`);
    if (own) expect([type, (await doctor2.get(`${type}/${own.id}`)).status]).toEqual([type, 404]);
  }
  expect((await doctor2.get(`Patient/${patient}`)).status).toBe(403);
  expect((await doctor2.get(`Patient/${patient}/$everything`)).status).toBe(403);
});

test('nothing else comes along with them', async () => {
  const path = `AllergyIntolerance?patient=${patient}&_include=AllergyIntolerance:patient&_revinclude=Provenance:target`;
  expect(namesOf(await doctor2.find(path))).toEqual(namesOf(allergies));
  expect(await totalOf(doctor2, `AllergyIntolerance?patient.gender=female&patient=${patient}`)).toBe(0);
  expect(await totalOf(doctor2, `AllergyIntolerance?patient.gender=male&patient=${patient}`)).toBe(0);
});

test('they are for reading, not for writing', async () => {
  const [allergy] = allergies;
  const changed = { ...allergy, criticality: 'high' };
  expect((await doctor2.request('PUT', `AllergyIntolerance/${allergy?.id}`, changed)).status).toBe(403);
  expect((await doctor2.request('POST', 'Observation', heartRate(patient, 60))).status).toBe(403);
});

test('another patient does not read them', async () => {
  const other = await patientSession('shannon');
  expect((await other.get(`AllergyIntolerance/${allergies[0]?.id}`)).status).toBe(404);
  expect(await totalOf(other, `AllergyIntolerance?patient=${patient}`)).toBe(0);
});

test('HR does not read them either', async () => {
  const hr = await staffSession('hr');
  expect((await hr.get(`AllergyIntolerance/${allergies[0]?.id}`)).status).toBe(403);
});

test('private again, they are gone on the very next request', async () => {
  await desk.revoke(declared);
  expect((await doctor2.get(`AllergyIntolerance/${allergies[0]?.id}`)).status).toBe(404);
  expect(await searchRecord(doctor2, patient, 'AllergyIntolerance')).toEqual([]);
  const left = await eventually(
    () => searchRecord(lab, patient, 'AllergyIntolerance'),
    ({ length }) => length === 0,
  );
  expect(left).toEqual([]);
});
