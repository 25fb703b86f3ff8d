import { bundleOf, detailOf, resourceOf } from '../clients/answer.ts';
import { systemSession } from '../clients/backend.ts';
import { heartRate } from '../clients/clinical.ts';
import { ConsentDesk } from '../clients/consent-desk.ts';
import { grantTo } from '../clients/consents.ts';
import { statusOf } from '../clients/eventually.ts';
import { patientSession, staffSession } from '../clients/login.ts';
import { totalOf } from '../clients/record-view.ts';
import type { Session } from '../clients/session.ts';

/** Lashawnda takes the record from the hospital, gives it back, and has it erased: for good, so nobody else uses hers. */
let lashawnda: Session & { patient: string };
let hospital: Session;
let doctor2: Session;
let lab: Session;
let hr: Session;
let desk: ConsentDesk;
let patient: string;
let condition: string;
let identifier: string;

beforeAll(async () => {
  [lashawnda, hospital, doctor2, lab, hr] = await Promise.all([
    patientSession('lashawnda'),
    systemSession('hospital-system'),
    staffSession('doctor2'),
    staffSession('lab'),
    staffSession('hr'),
  ]);
  ({ patient } = lashawnda);
  desk = new ConsentDesk(lashawnda);
  const [first] = await lashawnda.find('Condition?_count=1');
  condition = `Condition/${first?.id}`;
  const own = resourceOf(await lashawnda.get(`Patient/${patient}`));
  const [number] = own['identifier'] as { system: string; value: string }[];
  identifier = `${number?.system}|${number?.value}`;
});

describe('the first grant, which opening the record gave to the hospital’s systems', () => {
  let first: string;

  beforeAll(async () => {
    const consents = await lashawnda.find('Consent?status=active');
    first = consents.find((one) => JSON.stringify(one['provision']).includes('"CST"'))?.id ?? '';
  });

  test('revoked, it closes the record to the hospital’s system', async () => {
    expect((await hospital.get(condition)).status).toBe(200);
    await desk.revoke(first);
    expect((await hospital.get(condition)).status).toBe(404);
    expect(detailOf(await hospital.get(`Patient/${patient}`))).toBe('consent-required');
    expect(await totalOf(hospital, `Condition?patient=${patient}`)).toBe(0);
    expect((await hospital.request('POST', 'Observation', heartRate(patient, 70))).status).toBe(403);
    expect(
      bundleOf(await hospital.get(`Patient?identifier=${identifier}`)).entry?.[0]?.resource,
    ).not.toHaveProperty('name');
  });

  test('given again, it opens the record again', async () => {
    await desk.setStatus(first, 'active');
    expect((await hospital.get(condition)).status).toBe(200);
    expect((await hospital.get(`Patient/${patient}`)).status).toBe(200);
  });
});

describe('HR', () => {
  test.each([
    'Observation',
    'Condition',
    'DiagnosticReport',
    'ImagingStudy',
    'MedicationRequest',
    'Claim',
    'Encounter',
  ])('reads no %s, by id or by search', async (type) => {
    const [one] = await lashawnda.find(`${type}?_count=1`);
    expect((await hr.get(`${type}/${one?.id ?? 'any'}`)).status).toBe(403);
    expect((await hr.get(`${type}?patient=${patient}`)).status).toBe(403);
  });

  test('gets no medical section by another way', async () => {
    for (const path of [
      `Patient?_id=${patient}&_revinclude=Condition:patient`,
      `Patient/${patient}/$everything`,
      `Patient/${patient}/*`,
      `Patient?_has:Condition:patient:clinical-status=active`,
    ]) {
      const answer = await hr.get(path);
      const types =
        answer.status === 200
          ? (bundleOf(answer).entry ?? []).map(({ resource }) => resource?.resourceType)
          : [];
      expect([
        path,
        types.filter((type) => type !== 'Patient' && type !== 'Practitioner' && type !== 'Organization'),
      ]).toEqual([path, []]);
    }
    expect(
      await totalOf(hr, `Patient?_id=${patient}&_has:Condition:patient:patient=${patient}`).catch(() => 0),
    ).toBe(0);
  });

  test('reads the Patient, to manage the account', async () => {
    expect((await hr.get(`Patient/${patient}`)).status).toBe(200);
  });
});

test('nobody but HR erases a record', async () => {
  await desk.give(grantTo(patient, doctor2.fhirUser));
  await desk.give(grantTo(patient, lab.fhirUser));
  expect((await doctor2.get(condition)).status).toBe(200);
  expect(await statusOf(() => lab.get(condition), 200)).toBe(200);
  for (const session of [doctor2, hospital, lashawnda]) {
    expect((await session.request('DELETE', `Patient/${patient}`)).status).toBe(403);
  }
  expect((await lashawnda.get(`Patient/${patient}`)).status).toBe(200);
});

describe('once HR has erased the record', () => {
  beforeAll(async () => {
    const answer = await hr.request('DELETE', `Patient/${patient}`);
    expect([answer.status, answer.text]).toEqual([204, '']);
  });

  test('HR is told that it is gone', async () => {
    expect((await hr.get(`Patient/${patient}`)).status).toBe(410);
    expect((await hr.request('DELETE', `Patient/${patient}`)).status).toBe(410);
  });

  test.each([
    ['the patient’s own app', () => lashawnda],
    ['the doctor who had a grant', () => doctor2],
    ['the hospital’s system', () => hospital],
    ['the lab, which had a grant', () => lab],
  ])('%s finds nothing of it at any endpoint', async (_who, session) => {
    await statusOf(() => session().get(`Patient/${patient}`), 404);
    for (const path of [
      `Patient/${patient}`,
      `Patient/${patient}/_history`,
      `Patient/${patient}/_history/1`,
      `Patient/${patient}/$everything`,
      condition,
      `${condition}/_history`,
      `${condition}/_history/1`,
    ]) {
      expect([path, (await session().get(path)).status]).toEqual([path, 404]);
    }
    for (const path of [
      `Condition?patient=${patient}`,
      `Patient?_id=${patient}`,
      `Patient?identifier=${identifier}`,
      `Patient/${patient}/Condition`,
      `Consent?patient=${patient}`,
    ]) {
      const answer = await session().get(path);
      if (answer.status !== 404) expect([path, bundleOf(answer).entry ?? []]).toEqual([path, []]);
    }
  });

  test('nobody writes to it', async () => {
    for (const session of [lashawnda, doctor2, hospital]) {
      for (const body of [heartRate(patient, 70), grantTo(patient, doctor2.fhirUser)]) {
        const { status } = await session.request('POST', body.resourceType, body);
        expect([403, 404, 409, 410, 422]).toContain(status);
      }
    }
    const again = await hospital.request('PUT', `Patient/${patient}`, {
      resourceType: 'Patient',
      id: patient,
    });
    expect([403, 404, 409, 410, 422]).toContain(again.status);
  });
});
