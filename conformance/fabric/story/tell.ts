import { randomUUID } from 'node:crypto';
import { resourceOf, send } from '../../clients/answer.ts';
import { heartRate, imagingStudy, xrayOrder, xrayReport } from '../../clients/clinical.ts';
import { actor, consent, grantTo, resourceClass, section } from '../../clients/consents.ts';
import type { Bundle } from '../../clients/resource.ts';
import type { Target } from '../../clients/target.ts';
import type { Caller } from '../people/caller.ts';
import { patient, staff, system } from '../people/log-in.ts';
import { until } from '../testing/until.ts';
import { condition, medication, note, person, visit } from './records.ts';
import type { Secrets } from './secrets.ts';

export interface Gateways {
  hospital: Target;
  lab: Target;
}

/** A story in which every kind of thing is written, refused, searched, revoked and erased, at both gateways. */
export async function tell({ hospital, lab }: Gateways, secrets: Secrets): Promise<void> {
  const [records, labSystem, doctor, doctor2, hr, technician, shannon] = await Promise.all([
    system(hospital, 'hospital-system'),
    system(lab, 'lab-system'),
    staff(hospital, 'doctor'),
    staff(hospital, 'doctor2'),
    staff(hospital, 'hr'),
    staff(lab, 'lab'),
    patient(hospital, 'shannon'),
  ]);
  await openRecords(records, secrets);
  await consents(shannon, doctor, secrets);
  await atTheDoctors(shannon, doctor, doctor2, secrets);
  await atTheLab(shannon, doctor, technician, labSystem);
  await refused(shannon, doctor, technician, records, secrets);
  await oddRequests(hospital, doctor, secrets);
  await searches(doctor, records, secrets);
  await erased(records, hr, secrets);
}

async function openRecords(records: Caller, secrets: Secrets): Promise<void> {
  const body = person(secrets);
  const { id } = await records.create(body);
  await expectStatus(409, records.request('POST', 'Patient', body));
  await records.request('POST', '', visit(id, secrets), {
    'Idempotency-Key': `${secrets.word()}-${randomUUID()}`,
  });
  // The same content twice, and at once under one condition.
  await records.create(heartRate(id, 71));
  await records.create(heartRate(id, 71));
  const value = secrets.word();
  const once = { ...heartRate(id, 72), identifier: [{ system: 'http://hospital.example/orders', value }] };
  const header = { 'If-None-Exist': `identifier=http://hospital.example/orders|${value}` };
  await Promise.all([1, 2, 3].map(() => records.request('POST', 'Observation', once, header)));
  const own = secrets.word();
  await expectStatus(201, records.request('PUT', `Condition/${own}`, { ...condition(id, secrets), id: own }));
  await records.request('DELETE', `Condition/${own}`);
}

async function consents(shannon: Caller, doctor: Caller, secrets: Secrets): Promise<void> {
  const whole = await shannon.create({
    ...grantTo(shannon.patient, doctor.fhirUser),
    sourceAttachment: { contentType: 'text/plain', title: secrets.word() },
  });
  const narrow = { actor: [actor(doctor.fhirUser)], class: [resourceClass('Observation')] };
  const deleted = await shannon.create(consent(shannon.patient, narrow));
  await shannon.request('DELETE', `Consent/${deleted.id}`);
  await shannon.create(consent(shannon.patient, { code: [section('allergies')] }));
  const asked = await doctor.create(grantTo(shannon.patient, doctor.fhirUser, 'proposed'));
  const proposal = resourceOf(await shannon.get(`Consent/${asked.id}`));
  await shannon.request('PUT', `Consent/${asked.id}`, { ...proposal, status: 'rejected' });
  await shannon.request('PUT', `Consent/${whole.id}`, { ...whole, status: 'inactive' });
  await shannon.request('PUT', `Consent/${whole.id}`, { ...whole, status: 'active' });
}

async function atTheDoctors(
  shannon: Caller,
  doctor: Caller,
  doctor2: Caller,
  secrets: Secrets,
): Promise<void> {
  const found = await doctor.create(condition(shannon.patient, secrets));
  const changed = { ...found, note: [{ text: secrets.word() }] };
  await expectStatus(200, doctor.request('PUT', `Condition/${found.id}`, changed));
  await expectStatus(412, doctor.request('PUT', `Condition/${found.id}`, changed, { 'If-Match': 'W/"1"' }));
  const given = await doctor.create(medication(shannon.patient, secrets));
  await doctor.request('DELETE', `MedicationRequest/${given.id}`);
  await doctor.create(note(shannon.patient, secrets));
  await expectStatus(403, doctor2.request('POST', 'Condition', condition(shannon.patient, secrets)));
}

async function atTheLab(shannon: Caller, doctor: Caller, lab: Caller, labSystem: Caller): Promise<void> {
  const ordered = await doctor.create(xrayOrder(shannon.patient, doctor.fhirUser));
  const order = `ServiceRequest/${ordered.id}`;
  const [role] = await lab.find(`PractitionerRole?practitioner=${lab.fhirUser}`);
  const { reference } = role?.['organization'] as { reference: string };
  for (const grantee of [actor(lab.fhirUser), actor(reference, 'IRCP'), actor(reference, 'CST')])
    await shannon.create(consent(shannon.patient, { actor: [grantee] }));
  // The lab's gateway may be a block behind.
  await until('the lab sees the order', async () => (await lab.get(order)).status === 200 || undefined);
  const study = await lab.create(imagingStudy(shannon.patient, order));
  await lab.create(xrayReport(shannon.patient, order, `ImagingStudy/${study.id}`));
  await labSystem.request('PUT', `ServiceRequest/${ordered.id}`, { ...ordered, status: 'completed' });
}

async function refused(
  shannon: Caller,
  doctor: Caller,
  lab: Caller,
  records: Caller,
  secrets: Secrets,
): Promise<void> {
  await expectStatus(403, lab.request('POST', 'Condition', condition(shannon.patient, secrets)));
  await doctor.request('POST', 'Condition', {
    ...condition(shannon.patient, secrets),
    subject: secrets.word(),
  });
  await doctor.request('POST', 'Condition', `{"resourceType": "Condition", "note": ${secrets.word()}`);
  await doctor.request('POST', 'Condition', { ...condition(shannon.patient, secrets), [secrets.word()]: 1 });
  await doctor.request('POST', 'Observation', { ...heartRate(shannon.patient, 70), status: secrets.word() });
  await shannon.request('POST', 'Consent', {
    ...grantTo(shannon.patient, doctor.fhirUser),
    policyRule: { coding: [{ system: 'http://policies.example', code: secrets.word() }] },
  });
  const bundle: Bundle = visit(shannon.patient, secrets);
  bundle.entry?.push({
    resource: { ...heartRate(shannon.patient, 70), status: secrets.word() },
    request: { method: 'POST', url: 'Observation' },
  });
  await records.request('POST', '', bundle);
  await records.request('POST', '', { ...visit(shannon.patient, secrets), type: 'batch' });
}

/** Names where none belong: in paths, parameters, headers and logins. */
async function oddRequests({ baseUrl }: Target, doctor: Caller, secrets: Secrets): Promise<void> {
  await doctor.get(`Patient/${secrets.word()}`);
  await doctor.get(`${secrets.word()}/${secrets.word()}`);
  await doctor.get(`Patient?${secrets.word()}=${secrets.word()}`);
  await doctor.get(`Patient?birthdate=${secrets.word()}`);
  await doctor.request('PUT', `Condition/${secrets.word()} ${secrets.word()}`, { resourceType: 'Condition' });
  await doctor.request('POST', 'Condition', secrets.word(), { 'Content-Type': secrets.word() });
  await doctor.request('GET', 'metadata', undefined, {
    'User-Agent': secrets.word(),
    Prefer: secrets.word(),
    'If-None-Match': secrets.word(),
    'X-Request-Id': secrets.word(),
  });
  await send(`${baseUrl}/${secrets.word()}`);
  await send(`${baseUrl}/fhir/R4/Patient`, { headers: { Authorization: `Bearer ${secrets.word()}` } });
  await send(`${baseUrl}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: secrets.word(),
      client_id: secrets.word(),
    }),
  });
}

async function searches(doctor: Caller, records: Caller, secrets: Secrets): Promise<void> {
  for (const caller of [doctor, records]) {
    await caller.get(`Patient?family=${secrets.word()}&birthdate=1947-11-29`);
    await caller.get(`Patient?identifier=http://hospital.example/mrn|${secrets.word()}`);
    await caller.get(`Condition?patient.name=${secrets.word()}`);
    await caller.request('POST', 'Patient/_search', `name=${secrets.word()}`, {
      'Content-Type': 'application/x-www-form-urlencoded',
    });
  }
}

async function erased(records: Caller, hr: Caller, secrets: Secrets): Promise<void> {
  const { id } = await records.create(person(secrets));
  await records.request('POST', '', visit(id, secrets));
  await expectStatus(204, hr.request('DELETE', `Patient/${id}`));
  await expectStatus(410, hr.get(`Patient/${id}`));
  await records.get(`Patient/${id}`);
}

async function expectStatus(status: number, answer: ReturnType<Caller['get']>): Promise<void> {
  const { status: came, text } = await answer;
  if (came !== status) throw new Error(`${status} was expected, and ${came} came: ${text.slice(0, 500)}`);
}
