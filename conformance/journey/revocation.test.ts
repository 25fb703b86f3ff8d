import { bundleOf, detailOf, type Answer } from '../clients/answer.ts';
import { systemSession } from '../clients/backend.ts';
import { heartRate } from '../clients/clinical.ts';
import { ConsentDesk } from '../clients/consent-desk.ts';
import { grantTo } from '../clients/consents.ts';
import { patientSession, staffSession } from '../clients/login.ts';
import type { Session } from '../clients/session.ts';
import { FHIR_BASE } from '../clients/target.ts';

/** What a doctor may do under a grant, and may not from the moment it is revoked. */
let shannon: Session & { patient: string };
let doctor: Session;
let desk: ConsentDesk;
let patient: string;
let condition: string;
let encounter: string;
let own: string;
let nextPage: string;

const found = (answer: Answer): number => bundleOf(answer).entry?.length ?? 0;

/** Reads that must find something under the grant; what each answers without it. */
const READS: [string, () => Promise<Answer>, number][] = [
  ['read', () => doctor.get(condition), 404],
  ['vread', () => doctor.get(`${condition}/_history/1`), 404],
  ['history', () => doctor.get(`${condition}/_history`), 404],
  ['the Patient', () => doctor.get(`Patient/${patient}`), 403],
  ['$everything', () => doctor.get(`Patient/${patient}/$everything`), 403],
];
const SEARCHES: [string, () => Promise<Answer>][] = [
  ['by patient', () => doctor.get(`Condition?patient=${patient}&_total=accurate`)],
  ['by id', () => doctor.get(`Condition?_id=${condition.split('/')[1]}`)],
  ['by POST', () => post('Condition/_search', `patient=${patient}`)],
  ['in the compartment', () => doctor.get(`Patient/${patient}/Condition`)],
  ['of everything', () => doctor.get(`Patient/${patient}/*`)],
  ['for the Patient', () => doctor.get(`Patient?_id=${patient}`)],
  [
    'with _include',
    () => doctor.get(`Condition?patient=${patient}&_include=Condition:encounter&_include=Condition:patient`),
  ],
  [
    'with _revinclude',
    () => doctor.get(`Encounter?_id=${encounter.split('/')[1]}&_revinclude=Condition:encounter`),
  ],
  ['chained', () => doctor.get(`Condition?encounter.status=finished&patient=${patient}`)],
  ['with _has', () => doctor.get(`Encounter?patient=${patient}&_has:Condition:encounter:patient=${patient}`)],
  ['a page that was linked before', () => doctor.get(nextPage)],
];

async function post(path: string, form: string): Promise<Answer> {
  return doctor.request('POST', path, form, { 'Content-Type': 'application/x-www-form-urlencoded' });
}

beforeAll(async () => {
  [shannon, doctor] = await Promise.all([patientSession('shannon'), staffSession('doctor')]);
  ({ patient } = shannon);
  desk = new ConsentDesk(shannon);
  const grant = await desk.give(grantTo(patient, doctor.fhirUser));
  const [first] = await shannon.find('Condition?_count=1');
  condition = `Condition/${first?.id}`;
  encounter = String((first?.['encounter'] as { reference: string }).reference).replace(`${FHIR_BASE}/`, '');
  own = `Observation/${(await doctor.create(heartRate(patient, 64))).id}`;
  const page = bundleOf(await doctor.get(`Observation?patient=${patient}&_count=2`));
  nextPage = page.link?.find(({ relation }) => relation === 'next')?.url ?? '';

  for (const [name, read] of READS) expect([name, (await read()).status]).toEqual([name, 200]);
  for (const [name, search] of SEARCHES) expect([name, found(await search()) > 0]).toEqual([name, true]);
  await desk.revoke(grant.id);
});

afterAll(async () => {
  await desk.restore();
  const hospital = await systemSession('hospital-system');
  await hospital.request('DELETE', own);
});

test.each(READS)('a revoked doctor is refused: %s', async (_name, read, refusal) => {
  const answer = await read();
  expect(answer.status).toBe(refusal);
  if (refusal === 403) expect(detailOf(answer)).toBe('consent-required');
});

test.each(SEARCHES)('a revoked doctor finds nothing: search %s', async (_name, search) => {
  const answer = await search();
  if (answer.status === 403) return;
  expect(found(answer)).toBe(0);
  expect(bundleOf(answer).total ?? 0).toBe(0);
});

test('what is refused says no more than what never was', async () => {
  const refused = await doctor.get(condition);
  const never = await doctor.get('Condition/never-was');
  const words = (answer: Answer, name: string) => answer.text.replaceAll(name, 'X');
  expect(words(refused, condition)).toBe(words(never, 'Condition/never-was'));
});

test('a revoked doctor writes nothing', async () => {
  const changed = { ...heartRate(patient, 65), id: own.split('/')[1] };
  const answers = {
    create: await doctor.request('POST', 'Observation', heartRate(patient, 65)),
    conditional: await doctor.request('POST', 'Observation', heartRate(patient, 65), {
      'If-None-Exist': `patient=${patient}`,
    }),
    update: await doctor.request('PUT', own, changed),
  };
  for (const [name, answer] of Object.entries(answers)) {
    expect([name, answer.status, detailOf(answer)]).toEqual([name, 403, 'consent-required']);
  }
  expect([403, 404]).toContain((await doctor.request('DELETE', own)).status);
});

test('a batch and a transaction are no way around it', async () => {
  const bundle = (type: string) => ({
    resourceType: 'Bundle',
    type,
    entry: [
      { request: { method: 'GET', url: condition } },
      { request: { method: 'GET', url: `Condition?patient=${patient}` } },
      { request: { method: 'POST', url: 'Observation' }, resource: heartRate(patient, 66) },
    ],
  });
  const batch = bundleOf(await doctor.request('POST', '', bundle('batch')));
  const [read, search, create] = batch.entry ?? [];
  expect(read?.response?.status).toMatch(/^404/);
  expect((search?.resource as { entry?: unknown[] } | undefined)?.entry ?? []).toEqual([]);
  expect(create?.response?.status).toMatch(/^403/);
  expect((await doctor.request('POST', '', bundle('transaction'))).status).toBe(403);
});

test('a grant to the whole hospital lets its doctors in, and revoked, out again', async () => {
  const [first] = await shannon.find('Consent?status=active');
  const [actor] = (first?.['provision'] as { actor: { reference: { reference: string } }[] }).actor;
  const grant = await desk.give(grantTo(patient, actor?.reference.reference ?? ''));
  const doctor2 = await staffSession('doctor2');
  const lab = await staffSession('lab');
  expect([(await doctor.get(condition)).status, (await doctor2.get(condition)).status]).toEqual([200, 200]);
  expect((await lab.get(condition)).status).toBe(404);
  await desk.revoke(grant.id);
  expect([(await doctor.get(condition)).status, (await doctor2.get(condition)).status]).toEqual([404, 404]);
});

test('a deleted Consent is a revoked one', async () => {
  const grant = await desk.give(grantTo(patient, doctor.fhirUser));
  expect((await doctor.get(condition)).status).toBe(200);
  await desk.delete(grant.id);
  expect((await doctor.get(condition)).status).toBe(404);
});
