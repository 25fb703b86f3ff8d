import { bundleOf } from '../clients/answer.ts';
import { ConsentDesk } from '../clients/consent-desk.ts';
import { actor, consent, resourceClass } from '../clients/consents.ts';
import { patientSession, staffSession } from '../clients/login.ts';
import { namesOf, totalOf, type Found } from '../clients/record-view.ts';
import type { Session } from '../clients/session.ts';

/**
 * Procedures, Encounters and their kin are open, Conditions are not: no search of the one tells of the other. Clyde is
 * also narrower-consent's patient, but this doctor is not its doctor, and nothing is written here but a Consent.
 */
const OPEN = ['Patient', 'Encounter', 'Observation', 'DiagnosticReport', 'Procedure'];

let clyde: Session & { patient: string };
let doctor2: Session;
let desk: ConsentDesk;
let patient: string;
let condition: Found;
let code: string;

beforeAll(async () => {
  [clyde, doctor2] = await Promise.all([patientSession('clyde'), staffSession('doctor2')]);
  ({ patient } = clyde);
  desk = new ConsentDesk(clyde);
  await desk.give(consent(patient, { actor: [actor(doctor2.fhirUser)], class: OPEN.map(resourceClass) }));
  const found = await clyde.find(
    `Procedure?patient=${patient}&_include=Procedure:reason-reference&_count=100`,
  );
  const reason = found.find(({ resourceType }) => resourceType === 'Condition');
  if (!reason) throw new Error('no Procedure of clyde’s has a Condition for its reason');
  condition = reason;
  [code = ''] = (condition['code'] as { coding: { code: string }[] }).coding.map((coding) => coding.code);
});

afterAll(async () => {
  await desk.restore();
});

test.each([
  ['_include', (id: string) => `Procedure?patient=${id}&_include=Procedure:reason-reference&_count=100`],
  ['_include=*', (id: string) => `Procedure?patient=${id}&_include=*&_count=100`],
  ['_revinclude', (id: string) => `Encounter?patient=${id}&_revinclude=Condition:encounter&_count=50`],
  ['_revinclude of the person', (id: string) => `Patient?_id=${id}&_revinclude=Condition:patient`],
  [
    '_include of what was included',
    (id: string) =>
      `Procedure?patient=${id}&_include=Procedure:encounter&_revinclude:iterate=Condition:encounter&_count=100`,
  ],
])('%s brings Conditions to the patient, and none to the doctor', async (_how, path) => {
  const conditions = async (session: Session) =>
    (await session.find(path(patient))).map(({ resourceType }) => resourceType === 'Condition');
  expect(await conditions(clyde)).toContain(true);
  const seen = await conditions(doctor2);
  expect(seen.length).toBeGreaterThan(0);
  expect(seen).not.toContain(true);
});

test('what is open comes along', async () => {
  const own = await clyde.find(
    `DiagnosticReport?patient=${patient}&_include=DiagnosticReport:result&_count=50`,
  );
  const seen = await doctor2.find(
    `DiagnosticReport?patient=${patient}&_include=DiagnosticReport:result&_count=50`,
  );
  expect(namesOf(seen)).toEqual(namesOf(own));
  expect(seen.some(({ resourceType }) => resourceType === 'Observation')).toBe(true);
});

test('_has does not tell which Encounter has a Condition', async () => {
  const path = `Encounter?patient=${patient}&_has:Condition:encounter:code=${code}`;
  expect(await totalOf(clyde, path)).toBeGreaterThan(0);
  expect(await totalOf(doctor2, path)).toBe(0);
});

test('_has does not tell that the person has a Condition', async () => {
  const path = `Patient?_id=${patient}&_has:Condition:patient:code=${code}`;
  expect(await totalOf(clyde, path)).toBe(1);
  expect(await totalOf(doctor2, path)).toBe(0);
});

test('a chained search does not tell what a hidden resource says', async () => {
  const path = `Procedure?patient=${patient}&reason-reference:Condition.code=${code}`;
  expect(await totalOf(clyde, path)).toBeGreaterThan(0);
  expect(await totalOf(doctor2, path)).toBe(0);
  const open = `Procedure?patient=${patient}&encounter.status=finished`;
  expect(await totalOf(doctor2, open)).toBe(await totalOf(clyde, open));
});

test('_sort, _summary=count and _total count only what is seen', async () => {
  for (const rest of ['_summary=count', '_total=accurate', '_sort=-_lastUpdated', '_count=0']) {
    const answer = bundleOf(await doctor2.get(`Condition?patient=${patient}&${rest}`));
    expect([rest, answer.total ?? 0, answer.entry ?? []]).toEqual([rest, 0, []]);
  }
});

test('conditional criteria match only what is seen', async () => {
  const hidden = await doctor2.request(
    'POST',
    'Condition',
    { ...condition, id: undefined },
    { 'If-None-Exist': `_id=${condition.id}` },
  );
  expect(hidden.status).toBe(403);
});

test('the compartment shows what is open', async () => {
  expect(await totalOf(doctor2, `Patient/${patient}/Condition`)).toBe(0);
  const found = await doctor2.find(`Patient/${patient}/*?_count=200`);
  const types = new Set(found.map(({ resourceType }) => resourceType).filter((type) => type !== 'Consent'));
  expect([...types].sort()).toEqual([...OPEN].sort());
});
