import { readFileSync, readdirSync } from 'node:fs';
import { startTestGateway, type TestGateway } from '../cli/test-gateway.ts';
import { call, create } from '../cli/testing/requests.ts';
import { heartRate, patientNamed, practitioner } from '../cli/testing/resources.ts';
import type { JsonObject } from '../fhir/resource.ts';

/** IHE's Privacy Consent on FHIR, its examples: each does what its text says, or is refused with the element named. */

const FOLDER = new URL('../../fixtures/ihe-pcf/', import.meta.url);
const NAMES = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace('.json', ''));
const THO = 'http://terminology.hl7.org/CodeSystem';
const POLICIES = [
  'http://example.org/policies/basePrivacyConsentPolicy.txt',
  'http://example.org/policies/researchPrivacyConsentPolicy.txt',
  'https://profiles.ihe.net/ITI/PCF/Policy-basic-normal',
  'https://profiles.ihe.net/ITI/PCF/Policy-break-glass-only',
];

let gateway: TestGateway;
let hr: string;
let system: string;
let dr: string;
const doctor: Record<string, string> = {};
beforeAll(async () => {
  gateway = await startTestGateway({ policyUris: POLICIES });
  hr = await gateway.enter({ role: 'hr' });
  system = await gateway.enter({ role: 'system' });
  dr = await create(gateway, hr, practitioner('Practitioner'));
  for (const purpose of ['TREAT', 'HPAYMT', 'HRESCH', 'BTG'])
    doctor[purpose] = await gateway.enter({ role: 'doctor', fhirUser: `Practitioner/${dr}`, purpose });
});
afterAll(() => gateway.close());

/** The example, about this patient and this practitioner. */
function example(name: string, patient: string): JsonObject {
  const text = readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')
    .replaceAll('Patient/ex-patient', `Patient/${patient}`)
    .replaceAll('Practitioner/ex-practitioner', `Practitioner/${dr}`);
  return { ...(JSON.parse(text) as JsonObject), patient: { reference: `Patient/${patient}` } };
}

/** The example, for the practitioner instead of whoever is in the community. */
function naming(consent: JsonObject): JsonObject {
  const role = { coding: [{ system: `${THO}/v3-ParticipationType`, code: 'IRCP' }] };
  const actor = [{ role, reference: { reference: `Practitioner/${dr}` } }];
  return { ...consent, provision: { ...(consent['provision'] as JsonObject), actor } };
}

/** What IHE's examples have: blood pressure of 2004, alcohol use (restricted) and weight of 2022. */
async function record(): Promise<{ patient: string; owner: string; ids: Record<string, string> }> {
  const patient = await create(gateway, system, patientNamed('Example'));
  const owner = await gateway.enter({ role: 'patient', fhirUser: `Patient/${patient}` });
  const at = (code: string, effectiveDateTime: string) =>
    create(gateway, system, {
      ...heartRate(patient, { effectiveDateTime }),
      code: { coding: [{ system: 'http://loinc.org', code }] },
    });
  const ids = {
    old: await at('2339-0', '2004-12-25'),
    weight: await at('29463-7', '2022-03-28'),
    alcohol: await at('74013-4', '2022-06-13'),
  };
  return { patient, owner, ids };
}

async function seen(ids: Record<string, string>, purpose: string): Promise<string[]> {
  const found: string[] = [];
  for (const [name, id] of Object.entries(ids)) {
    const { status } = await call(gateway, doctor[purpose] ?? '', 'GET', `Observation/${id}`);
    if (status === 200) found.push(name);
  }
  return found;
}

const ACTOR = 'Consent.provision.actor';
const ALL = ['old', 'weight', 'alcohol'];
/** As published: the elements that are refused, or none. PCF permits whoever is in the community; here it is named. */
const PUBLISHED: Record<string, string[]> = {
  'ex-consent-basic-treat': [ACTOR],
  'ex-consent-basic-treat-infant': [ACTOR],
  'ex-consent-basic-ink': [ACTOR],
  'ex-consent-expired-treat': [ACTOR],
  'ex-consent-basic-reject': [],
  'ex-consent-basic-research': [ACTOR],
  'ex-consent-intermediate-timeframe': [ACTOR],
  'ex-consent-intermediate-not-timeframe': [ACTOR],
  'ex-consent-intermediate-authoredby': ['Consent.provision.data'],
  'ex-consent-intermediate-not-authoredby': ['Consent.provision.provision[0].data'],
  'ex-consent-intermediate-encounter': ['Consent.provision.data'],
  'ex-consent-intermediate-not-encounter': ['Consent.provision.provision[0].data'],
  'ex-consent-intermediate-data': ['Consent.provision.data'],
  'ex-consent-intermediate-not-data': ['Consent.provision.provision[0].data'],
  'ex-consent-intermediate-purpose': ['Consent.provision.purpose[0]'],
  'ex-dissent-intermediate-break-glass': ['Consent.provision.provision[0].actor[0].reference'],
  'ex-consent-advanced-normal': [ACTOR],
  'ex-consent-advanced-normal-restricted': [ACTOR],
  'ex-consent-advanced-normal-not-restricted': [ACTOR],
  // Nested provisions that reach beyond the one around them: exceptions don't.
  'ex-consent-advanced-normal-focused-restricted': ['Consent.provision.provision[0].type'],
  'ex-consent-advanced-normal-focused-psy': ['Consent.provision.provision[0].type'],
  'ex-consent-advanced-normal-focused-psy-or-sdv': ['Consent.provision.provision[0].type'],
  'ex-consent-advanced-normal-break-glass-restricted': [
    'Consent.provision.provision[0].actor[0].reference',
    'Consent.provision.provision[0].type',
  ],
};

/** With the practitioner named: who sees what, by purpose. */
const NAMED: [string, Record<string, string[]>][] = [
  ['ex-consent-basic-treat', { TREAT: ALL, HPAYMT: ALL, BTG: ALL, HRESCH: [] }],
  ['ex-consent-basic-treat-infant', { TREAT: ALL, HRESCH: [] }],
  ['ex-consent-basic-ink', { TREAT: ALL, HRESCH: [] }],
  ['ex-consent-expired-treat', { TREAT: [] }],
  ['ex-consent-basic-research', { TREAT: [], HRESCH: ALL }],
  ['ex-consent-intermediate-timeframe', { TREAT: ['weight', 'alcohol'], HRESCH: [] }],
  ['ex-consent-intermediate-not-timeframe', { TREAT: ['old'], HRESCH: [] }],
  ['ex-consent-advanced-normal', { TREAT: ['old', 'weight'], HRESCH: [] }],
  ['ex-consent-advanced-normal-restricted', { TREAT: ALL, HRESCH: [] }],
  ['ex-consent-advanced-normal-not-restricted', { TREAT: ['old', 'weight'], HRESCH: [] }],
];

test('every example is spoken of', () => {
  expect(NAMES.sort()).toEqual(Object.keys(PUBLISHED).sort());
});

test.each(Object.entries(PUBLISHED))('%s as published is refused for %j', async (name, elements) => {
  const { patient, owner } = await record();
  const { status, body } = await call(gateway, owner, 'POST', 'Consent', example(name, patient));
  const issues = (body['issue'] ?? []) as JsonObject[];
  expect([status, issues.flatMap((issue) => issue['expression'])]).toEqual([
    elements.length === 0 ? 201 : 422,
    elements,
  ]);
});

test.each(NAMED)('%s with the practitioner named does what its text says', async (name, byPurpose) => {
  const { patient, owner, ids } = await record();
  await create(gateway, owner, naming(example(name, patient)));
  for (const [purpose, names] of Object.entries(byPurpose))
    expect([purpose, await seen(ids, purpose)]).toEqual([purpose, names]);
});

test('ex-consent-basic-reject closes what another Consent opens, for these purposes', async () => {
  const { patient, owner, ids } = await record();
  const open = naming(example('ex-consent-basic-treat', patient));
  const { purpose: _purpose, ...anything } = open['provision'] as JsonObject;
  await create(gateway, owner, { ...open, provision: anything });
  expect(await seen(ids, 'TREAT')).toEqual(ALL);
  await create(gateway, owner, example('ex-consent-basic-reject', patient));
  expect(await seen(ids, 'TREAT')).toEqual([]);
  expect(await seen(ids, 'HRESCH')).toEqual(ALL);
});
