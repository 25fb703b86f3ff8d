import { parseScopes } from '../../auth/scopes.ts';
import { startTestGateway, type TestGateway } from '../../cli/test-gateway.ts';
import { call, create } from '../../cli/testing/requests.ts';
import { grantTo, heartRate, patientNamed, practitioner } from '../../cli/testing/resources.ts';
import { createValidator } from '../validation/validator.ts';
import type { JsonObject } from '../resource.ts';
import { EXPLAIN_DEFINITION } from './explain-definition.ts';

const THO = 'http://terminology.hl7.org/CodeSystem';
const SECTION = 'http://fhir-fabric-gateway.org/CodeSystem/record-section';

let gateway: TestGateway;
let hr: string;
let system: string;
let doctorId: string;
let doctor: string;
let otherId: string;
let other: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  hr = await gateway.enter({ role: 'hr' });
  system = await gateway.enter({ role: 'system' });
  doctorId = await create(gateway, hr, practitioner('Named'));
  doctor = await gateway.enter({ role: 'doctor', fhirUser: `Practitioner/${doctorId}` });
  otherId = await create(gateway, hr, practitioner('Other'));
  other = await gateway.enter({ role: 'doctor', fhirUser: `Practitioner/${otherId}` });
});
afterAll(() => gateway.close());

async function someone(): Promise<{ patient: string; owner: string }> {
  const patient = await create(gateway, system, patientNamed('Explained'));
  return { patient, owner: await gateway.enter({ role: 'patient', fhirUser: `Patient/${patient}` }) };
}

const named = (parts: JsonObject[] | undefined, name: string): JsonObject[] =>
  (parts ?? []).filter((one) => one['name'] === name);
const partsOf = (one: JsonObject | undefined) => (one?.['part'] ?? []) as JsonObject[];
const parameters = (body: JsonObject) => body['parameter'] as JsonObject[];
const valueOf = (parts: JsonObject[], name: string, type: string) => named(parts, name)[0]?.[type];

function actorPart(body: JsonObject, kind: string, who?: string): JsonObject[] {
  const found = named(parameters(body), 'actor').find((actor) => {
    const reference = valueOf(partsOf(actor), 'who', 'valueReference') as JsonObject | undefined;
    return valueOf(partsOf(actor), 'kind', 'valueCode') === kind && reference?.['reference'] === who;
  });
  if (!found) throw new Error(`no ${kind} ${who ?? ''} `);
  return partsOf(found);
}

interface Said {
  decision: unknown;
  before: unknown;
  change: unknown;
  why: unknown[];
}

/** What is said of reading or writing a section for a purpose, by a type where those differ. */
function said(
  actor: JsonObject[],
  section: string,
  action = 'access',
  purpose = 'TREAT',
  type?: string,
): Said {
  const sections = named(actor, 'section').filter((one) => {
    const coding = valueOf(partsOf(one), 'code', 'valueCoding') as JsonObject;
    const classes = named(partsOf(one), 'class').map((each) => each['valueCode']);
    return (
      coding['code'] === section && (type === undefined || classes.length === 0 || classes.includes(type))
    );
  });
  const statement = sections
    .flatMap((one) => named(partsOf(one), action))
    .find((one) => {
      const purposes = named(partsOf(one), 'purpose').map(
        (each) => (each['valueCoding'] as JsonObject)['code'],
      );
      return purposes.length === 0 || purposes.includes(purpose);
    });
  const parts = partsOf(statement);
  return {
    decision: valueOf(parts, 'decision', 'valueCode'),
    before: valueOf(parts, 'before', 'valueCode'),
    change: valueOf(parts, 'change', 'valueCode'),
    why: named(parts, 'reason').map((reason) => valueOf(partsOf(reason), 'provision', 'valueString')),
  };
}

const denying = (patient: string, provision: JsonObject): JsonObject => {
  const consent = grantTo(patient, `Practitioner/${doctorId}`);
  return {
    ...consent,
    provision: { ...(consent['provision'] as JsonObject), provision: [{ type: 'deny', ...provision }] },
  };
};

test('before signing: a draft says who would see what and why, and nothing is stored', async () => {
  const { patient, owner } = await someone();
  const draft = denying(patient, { code: [{ coding: [{ system: SECTION, code: 'vitals' }] }] });
  const { status, body } = await call(gateway, owner, 'POST', 'Consent/$explain', draft);
  expect(status).toBe(200);
  const who = actorPart(body, 'person', `Practitioner/${doctorId}`);
  expect(said(who, 'diagnosis')).toEqual({
    ...{ decision: 'permit', before: 'deny', change: 'opens', why: ['Consent.provision'] },
  });
  expect(said(who, 'vitals')).toEqual({
    ...{ decision: 'deny', before: 'deny', change: 'none', why: ['Consent.provision.provision[0]'] },
  });
  expect(said(who, 'diagnosis', 'correct').decision).toBe('permit');
  expect(said(actorPart(body, 'everyone'), 'diagnosis')).toMatchObject({ decision: 'deny', why: [] });
  const consents = await call(gateway, owner, 'GET', `Consent?patient=${patient}&_total=accurate`);
  expect(consents.body['total']).toBe(1);
  expect(createValidator().validate({ ...body, resourceType: 'Parameters' })).toEqual([]);
});

test('what is said is what the gate then does', async () => {
  const { patient, owner } = await someone();
  const vitals = await create(gateway, system, heartRate(patient));
  const problem = { resourceType: 'Condition', subject: { reference: `Patient/${patient}` } };
  const condition = await create(gateway, system, problem);
  const draft = denying(patient, {
    class: [{ system: 'http://hl7.org/fhir/resource-types', code: 'Condition' }],
  });
  const { body } = await call(gateway, owner, 'POST', 'Consent/$explain', draft);
  const who = actorPart(body, 'person', `Practitioner/${doctorId}`);
  await create(gateway, owner, draft);
  const sees = async (path: string) => (await call(gateway, doctor, 'GET', path)).status === 200;
  expect(await sees(`Observation/${vitals}`)).toBe(said(who, 'vitals').decision === 'permit');
  expect(await sees(`Condition/${condition}`)).toBe(said(who, 'diagnosis').decision === 'permit');
});

test('labels and dates are said as partly, purposes apart', async () => {
  const { patient, owner } = await someone();
  const draft = denying(patient, {
    securityLabel: [{ system: `${THO}/v3-ActCode`, code: 'PSY' }],
    purpose: [{ system: `${THO}/v3-ActReason`, code: 'HPAYMT' }],
  });
  const { body } = await call(gateway, owner, 'POST', 'Consent/$explain', draft);
  const who = actorPart(body, 'person', `Practitioner/${doctorId}`);
  expect(said(who, 'diagnosis').decision).toBe('permit');
  expect(said(who, 'diagnosis', 'access', 'HPAYMT')).toMatchObject({
    decision: 'partly',
    why: ['Consent.provision', 'Consent.provision.provision[0]'],
  });
});

test('after signing: what one changes beside the others, by which Consent', async () => {
  const { patient, owner } = await someone();
  await create(gateway, owner, grantTo(patient, `Practitioner/${doctorId}`));
  const base = grantTo(patient, 'Organization/hospital');
  const hospital = { ...(base['provision'] as JsonObject), type: 'deny' };
  const id = await create(gateway, owner, { ...base, provision: hospital });
  const { body } = await call(gateway, owner, 'GET', `Consent/${id}/$explain`);
  expect(valueOf(parameters(body), 'effect', 'valueCode')).toBe('grant');
  const people = actorPart(body, 'people', 'Organization/hospital');
  expect(said(people, 'vitals')).toMatchObject({ decision: 'deny', change: 'none' });
  const systems = actorPart(body, 'systems', 'Organization/hospital');
  expect(said(systems, 'vitals')).toMatchObject({ decision: 'deny', before: 'permit', change: 'closes' });

  const whole = await call(gateway, owner, 'GET', 'Consent/$explain');
  const person = actorPart(whole.body, 'person', `Practitioner/${doctorId}`);
  expect(said(person, 'vitals').decision).toBe('deny');
  expect((await call(gateway, doctor, 'GET', `Patient/${patient}`)).status).toBe(403);
});

test('at another moment: a Consent that has run out permits nothing', async () => {
  const { patient, owner } = await someone();
  const base = grantTo(patient, `Practitioner/${doctorId}`);
  const provision = { ...(base['provision'] as JsonObject), period: { end: '2090-01-01' } };
  const id = await create(gateway, owner, { ...base, provision });
  const at = async (query: string) => {
    const { body } = await call(gateway, owner, 'GET', `Consent/${id}/$explain${query}`);
    return said(actorPart(body, 'person', `Practitioner/${doctorId}`), 'vitals').decision;
  };
  expect([await at(''), await at('?at=2091-01-01')]).toEqual(['permit', 'deny']);
  expect((await call(gateway, owner, 'GET', `Consent/${id}/$explain?at=soon`)).status).toBe(400);
});

test('whom a Consent names is told of themselves and of that Consent alone; others of nothing', async () => {
  const { patient, owner } = await someone();
  const consent = await create(gateway, owner, grantTo(patient, `Practitioner/${doctorId}`));
  const base = grantTo(patient, `Practitioner/${otherId}`);
  const withheld = await create(gateway, owner, base);
  const seen = await call(gateway, doctor, 'GET', `Consent/${consent}/$explain`);
  expect(named(parameters(seen.body), 'actor')).toHaveLength(1);
  expect(JSON.stringify(seen.body)).not.toContain(otherId);
  expect(said(actorPart(seen.body, 'person', `Practitioner/${doctorId}`), 'vitals').decision).toBe('permit');
  expect((await call(gateway, doctor, 'GET', `Consent/${withheld}/$explain`)).status).toBe(404);
  expect((await call(gateway, other, 'GET', `Consent/${consent}/$explain`)).status).toBe(404);
  expect((await call(gateway, doctor, 'GET', 'Consent/$explain')).status).toBe(403);
  expect((await call(gateway, doctor, 'POST', 'Consent/$explain', base)).status).toBe(403);
  expect((await call(gateway, hr, 'GET', `Consent/${consent}/$explain`)).status).toBe(403);
});

test('another patient’s record is not explained, nor what cannot be enforced', async () => {
  const { patient, owner } = await someone();
  const stranger = await someone();
  const draft = grantTo(patient, `Practitioner/${doctorId}`);
  expect((await call(gateway, stranger.owner, 'POST', 'Consent/$explain', draft)).status).toBe(404);
  const data = [{ meaning: 'related', reference: { reference: 'Encounter/1' } }];
  const refused = await call(gateway, owner, 'POST', 'Consent/$explain', {
    ...draft,
    provision: { ...(draft['provision'] as JsonObject), data },
  });
  expect(refused.status).toBe(422);
  expect(refused.body['issue']).toMatchObject([{ expression: ['Consent.provision.data'] }]);
  const invalid = await call(gateway, owner, 'POST', 'Consent/$explain', { resourceType: 'Consent' });
  expect([400, 422]).toContain(invalid.status);
  const asParameters = { resourceType: 'Parameters', parameter: [{ name: 'consent', resource: draft }] };
  const posted = await call(gateway, owner, 'POST', 'Consent/$explain', asParameters);
  expect(posted.status).toBe(200);
});

test('a token that covers some Consents, or none, gets no explanation that leaves others out', async () => {
  const { owner } = await someone();
  const statusWith = async (scopes: string) => {
    gateway.admit(scopes, { ...gateway.principalOf(owner), scopes: parseScopes(scopes) });
    return (await call(gateway, scopes, 'GET', 'Consent/$explain')).status;
  };
  expect(await statusWith('patient/Consent.rs')).toBe(200);
  expect(await statusWith('patient/Consent.rs?category=http://loinc.org|59284-0')).toBe(403);
  expect(await statusWith('patient/Observation.rs')).toBe(403);
});

test('more provisions than can be gone through are refused, not waited for', async () => {
  const { patient, owner } = await someone();
  const base = grantTo(patient, `Practitioner/${doctorId}`);
  const one = (at: number): JsonObject => ({
    type: 'deny',
    securityLabel: [{ system: 'urn:many', code: `l${at}` }],
    dataPeriod: { start: '2020', end: `2021-01-${String((at % 28) + 1).padStart(2, '0')}` },
  });
  const provision = Array.from({ length: 300 }, (_, at) => one(at));
  const draft = { ...base, provision: { ...(base['provision'] as JsonObject), provision } };
  const { status, body } = await call(gateway, owner, 'POST', 'Consent/$explain', draft);
  expect([status, (body['issue'] as JsonObject[])[0]?.['code']]).toEqual([422, 'too-costly']);
});

test('the operation is in the CapabilityStatement, and its definition is a valid one', async () => {
  const { body } = await call(gateway, system, 'GET', 'metadata');
  const [rest] = body['rest'] as { resource: JsonObject[] }[] & JsonObject[];
  const consent = rest?.resource.find(({ type }) => type === 'Consent');
  expect(consent?.['operation']).toContainEqual({
    name: 'explain',
    definition: EXPLAIN_DEFINITION['url'],
  });
  expect(createValidator().validate(EXPLAIN_DEFINITION)).toEqual([]);
  const served = await call(gateway, system, 'GET', 'OperationDefinition/Consent-explain');
  expect([served.status, served.body['url']]).toEqual([200, EXPLAIN_DEFINITION['url']]);
});
