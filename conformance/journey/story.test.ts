import { bundleOf, detailOf, resourceOf, type Answer } from '../clients/answer.ts';
import { auditOf, type AuditEvent } from '../clients/audit.ts';
import { systemSession } from '../clients/backend.ts';
import { condition, heartRate, imagingStudy, xrayOrder, xrayReport } from '../clients/clinical.ts';
import { ConsentDesk } from '../clients/consent-desk.ts';
import { grantTo } from '../clients/consents.ts';
import { eventually, isElsewhere, statusOf } from '../clients/eventually.ts';
import { patientSession, staffSession } from '../clients/login.ts';
import { totalOf } from '../clients/record-view.ts';
import type { Resource } from '../clients/resource.ts';
import type { Session } from '../clients/session.ts';

/** One patient's story, told in order: each test begins where the one before it ended. */
let maragret: Session & { patient: string };
let doctor: Session;
let doctor2: Session;
let lab: Session;
let desk: ConsentDesk;
let patient: string;
let conditionId: string;
let proposal: string;
let doctorsGrant: string;
let order: string;

const status = ({ status: code }: Answer) => code;

beforeAll(async () => {
  [maragret, doctor, doctor2, lab] = await Promise.all([
    patientSession('maragret'),
    staffSession('doctor'),
    staffSession('doctor2'),
    staffSession('lab'),
  ]);
  ({ patient } = maragret);
  desk = new ConsentDesk(maragret);
  const [first] = await maragret.find('Condition?_count=1');
  conditionId = first?.id ?? '';
});

afterAll(async () => {
  await desk.restore();
});

test('a doctor without a grant reads nothing of a record, as if it did not exist', async () => {
  expect(status(await doctor.get(`Condition/${conditionId}`))).toBe(404);
  expect(await totalOf(doctor, `Condition?patient=${patient}`)).toBe(0);
});

test('the Patient itself says that consent is needed', async () => {
  const answer = await doctor.get(`Patient/${patient}`);
  expect([answer.status, detailOf(answer)]).toEqual([403, 'consent-required']);
});

test('a doctor without a grant writes nothing', async () => {
  const answer = await doctor.request('POST', 'Observation', heartRate(patient, 71));
  expect([answer.status, detailOf(answer)]).toEqual([403, 'consent-required']);
});

test('by the exact identifier alone a doctor finds the masked Patient, and nothing more of it', async () => {
  const own = resourceOf(await maragret.get(`Patient/${patient}`));
  const [identifier] = own['identifier'] as { system: string; value: string }[];
  const found = bundleOf(await doctor.get(`Patient?identifier=${identifier?.system}|${identifier?.value}`));
  expect(found.entry?.map(({ resource }) => resource)).toEqual([
    {
      resourceType: 'Patient',
      id: patient,
      meta: { tag: [expect.objectContaining({ code: 'SUBSETTED' })] },
      identifier: [{ system: identifier?.system, value: identifier?.value }],
    },
  ]);
  expect(
    await totalOf(doctor, `Patient?identifier=${identifier?.system}|${identifier?.value}&gender=female`),
  ).toBe(0);
});

test('a doctor asks, the patient sees it, and until then nothing is open', async () => {
  const asked = await doctor.create(grantTo(patient, doctor.fhirUser, 'proposed'));
  proposal = asked.id;
  expect(resourceOf(await maragret.get(`Consent/${proposal}`))['status']).toBe('proposed');
  expect(status(await doctor.get(`Condition/${conditionId}`))).toBe(404);
});

test('a doctor does not approve the own question', async () => {
  const active = { ...grantTo(patient, doctor.fhirUser), id: proposal };
  expect(status(await doctor.request('PUT', `Consent/${proposal}`, active))).toBe(403);
  expect(status(await doctor.request('POST', 'Consent', grantTo(patient, doctor.fhirUser)))).toBe(403);
});

test('once the patient approves, the doctor reads the record on the very next request', async () => {
  await desk.setStatus(proposal, 'active');
  doctorsGrant = proposal;
  expect(status(await doctor.get(`Condition/${conditionId}`))).toBe(200);
  const person = await doctor.fhir.read({ resourceType: 'Patient', id: patient });
  expect(person).toEqual(await maragret.fhir.read({ resourceType: 'Patient', id: patient }));
  expect(await totalOf(doctor, `Condition?patient=${patient}`)).toBe(await totalOf(maragret, 'Condition'));
});

test('the doctor adds vitals and orders an X-ray, which the patient sees at once', async () => {
  const vitals = await doctor.create(heartRate(patient, 71));
  expect(status(await maragret.get(`Observation/${vitals.id}`))).toBe(200);
  const body = { ...xrayOrder(patient, doctor.fhirUser) };
  const ordered = await doctor.fhir.create({ resourceType: 'ServiceRequest', body });
  order = `ServiceRequest/${String(ordered['id'])}`;
  expect(resourceOf(await maragret.get(order))['status']).toBe('active');
});

test('the lab sees no order and posts nothing until the patient grants it', async () => {
  expect(status(await lab.get(order))).toBe(404);
  const post = () => lab.request('POST', 'ImagingStudy', imagingStudy(patient, order));
  expect(await statusOf(post, 403)).toBe(403);
});

describe.each([
  ['the radiographer', async () => lab.fhirUser],
  ['the lab, all of its staff', async () => labOrganization()],
])('when the patient grants %s', (_who, grantee) => {
  let grant: string;
  let study: string;

  beforeAll(async () => {
    grant = (await desk.give(grantTo(patient, await grantee()))).id;
  });

  test('the lab reads the order and posts pictures and report', async () => {
    expect(await statusOf(() => lab.get(order), 200)).toBe(200);
    study = `ImagingStudy/${(await lab.create(imagingStudy(patient, order))).id}`;
    const { id } = await lab.create(xrayReport(patient, order, study));
    const report = await eventually(
      () => doctor.get(`DiagnosticReport/${id}`),
      (answer) => answer.status === 200,
    );
    expect(resourceOf(report)['conclusion']).toBe('No fracture.');
  });

  test('the gateway of the lab keeps account of what the lab did', async () => {
    const events = await auditOf(lab, patient);
    const created = events.filter(({ action, outcome }) => action === 'C' && outcome === '0');
    expect(created.flatMap(({ things }) => things).some((thing) => thing.startsWith(study))).toBe(true);
    expect(created.every(({ people }) => people.includes(lab.fhirUser))).toBe(true);
  });

  test('the doctor finds pictures and report by the order', async () => {
    const found = await doctor.find(
      `DiagnosticReport?patient=${patient}&based-on=${order}&_include=DiagnosticReport:media&_revinclude=Provenance:target&_sort=-_lastUpdated&_count=1`,
    );
    expect(found.some(({ resourceType }) => resourceType === 'DiagnosticReport')).toBe(true);
    expect(
      (await doctor.find(`ImagingStudy?basedon=${order}`)).map(({ id }) => `ImagingStudy/${id}`),
    ).toContain(study);
  });

  test('the lab is refused a Condition, whatever it was granted', async () => {
    expect(status(await lab.request('POST', 'Condition', condition(patient)))).toBe(403);
  });

  test('and once it is revoked, the lab is out', async () => {
    await desk.revoke(grant);
    expect(await statusOf(() => lab.get(order), 404)).toBe(404);
    expect(status(await lab.get(study))).toBe(404);
    expect(status(await lab.request('POST', 'ImagingStudy', imagingStudy(patient, order)))).toBe(403);
  });
});

async function labOrganization(): Promise<string> {
  const [role] = await lab.find(`PractitionerRole?practitioner=${lab.fhirUser}`);
  const { reference } = role?.['organization'] as { reference: string };
  return reference;
}

describe('who read what is in the patient’s audit', () => {
  let events: AuditEvent[];
  const by = (who: string, about: string) =>
    events.filter(
      ({ people, things }) => people.includes(who) && things.some((thing) => thing.startsWith(about)),
    );

  beforeAll(async () => {
    events = await auditOf(maragret, patient);
  });

  test('the doctor’s reads, and the attempt that was refused', () => {
    const reads = by(doctor.fhirUser, `Condition/${conditionId}`);
    expect(new Set(reads.map(({ outcome }) => outcome === '0'))).toEqual(new Set([true, false]));
    expect(reads.every(({ action }) => action === 'R')).toBe(true);
  });

  test('the look at the masked Patient and the searches that found something', () => {
    const searches = by(doctor.fhirUser, `Patient/${patient}`).filter(
      ({ action, outcome }) => action === 'E' && outcome === '0',
    );
    const queries = searches.flatMap((event) => event.queries);
    expect(queries.some((query) => query.includes('Condition'))).toBe(true);
    expect(searches.length).toBeGreaterThanOrEqual(2);
  });

  test('what the lab wrote, and that it was refused a Condition, as far as it went through this gateway', () => {
    const writes = by(lab.fhirUser, `Patient/${patient}`).filter(({ action }) => action === 'C');
    const outcomes = isElsewhere(lab) ? [] : [true, false];
    expect(new Set(writes.map(({ outcome }) => outcome === '0'))).toEqual(new Set(outcomes));
  });

  test('nobody else sees it', async () => {
    const [event] = events;
    const other = await patientSession('dionne');
    for (const session of [other, doctor2, lab]) {
      expect(await auditOf(session, patient)).toEqual([]);
      expect(status(await session.get(`AuditEvent/${event?.id}`))).toBe(404);
    }
  });

  test('and nobody writes in it', async () => {
    const { id: _id, ...event } = resourceOf(await maragret.get(`AuditEvent/${events[0]?.id}`));
    const system = await systemSession('hospital-system');
    for (const session of [maragret, doctor, system]) {
      expect([403, 422]).toContain(status(await session.request('POST', 'AuditEvent', event as Resource)));
      for (const method of ['PUT', 'DELETE']) {
        const body = method === 'PUT' ? { ...event, id: events[0]?.id } : undefined;
        expect([403, 404, 405, 422]).toContain(
          status(await session.request(method, `AuditEvent/${events[0]?.id}`, body)),
        );
      }
    }
    expect(status(await maragret.get(`AuditEvent/${events[0]?.id}`))).toBe(200);
  });
});

test('the doctor corrects what the doctor wrote, and is out when the patient revokes', async () => {
  const current = resourceOf(await doctor.get(order));
  expect(status(await doctor.request('PUT', order, { ...current, status: 'completed' }))).toBe(200);
  await desk.revoke(doctorsGrant);
  expect(status(await doctor.get(order))).toBe(404);
});
