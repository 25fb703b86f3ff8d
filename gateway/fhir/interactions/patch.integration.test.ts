import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../../cli/test-gateway.ts';
import { callAt, type Asked } from '../../testing/call.ts';
import { grantTo, heartRate, post, transaction } from '../../testing/resources.ts';
import type { JsonObject } from '../resource.ts';

let gateway: TestGateway;
let system: string;
const call = (...asked: Asked) => callAt(gateway.fhirBase, ...asked);
const JSON_PATCH = { 'Content-Type': 'application/json-patch+json' };

const created = async (resource: JsonObject): Promise<string> => {
  const { status, body } = await call(system, 'POST', String(resource['resourceType']), resource);
  expect(status).toBe(201);
  return String(body['id']);
};
const newPatient = (more: JsonObject = {}) => created({ resourceType: 'Patient', ...more });

/** A FHIRPath Patch of one replacement. */
const replacing = (path: string, value: JsonObject): JsonObject => ({
  resourceType: 'Parameters',
  parameter: [
    {
      name: 'operation',
      part: [
        { name: 'type', valueCode: 'replace' },
        { name: 'path', valueString: path },
        { name: 'value', ...value },
      ],
    },
  ],
});

beforeAll(async () => {
  gateway = await startTestGateway();
  system = await gateway.enter({ role: 'system', scopes: 'system/*.cruds' });
});
afterAll(() => gateway.close());

test('a JSON Patch and a FHIRPath Patch make a new version each, of which the history tells', async () => {
  const id = await created(heartRate(await newPatient(), { valueQuantity: { value: 60 } }));
  const first = await call(
    system,
    'PATCH',
    `Observation/${id}`,
    [{ op: 'replace', path: '/valueQuantity/value', value: 61 }],
    { ...JSON_PATCH, 'If-Match': 'W/"1"' },
  );
  expect(first.status).toBe(200);
  expect(first.headers.get('ETag')).toBe('W/"2"');
  expect(first.body['valueQuantity']).toEqual({ value: 61 });
  const second = await call(
    system,
    'PATCH',
    `Observation/${id}`,
    replacing('Observation.status', { valueCode: 'amended' }),
  );
  expect(second.body).toMatchObject({
    status: 'amended',
    valueQuantity: { value: 61 },
    meta: { versionId: '3' },
  });
  expect((await call(system, 'GET', `Observation/${id}/_history`)).body['total']).toBe(3);
});

test('a number that nobody touches stays as it was written', async () => {
  const text = JSON.stringify(heartRate(await newPatient())).replace(
    /}$/,
    ',"valueQuantity":{"value":1.10}}',
  );
  const written = await fetch(`${gateway.fhirBase}/Observation`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${system}`, 'Content-Type': 'application/fhir+json' },
    body: text,
  });
  const { id } = (await written.json()) as { id: string };
  await call(
    system,
    'PATCH',
    `Observation/${id}`,
    [{ op: 'replace', path: '/status', value: 'amended' }],
    JSON_PATCH,
  );
  const read = await fetch(`${gateway.fhirBase}/Observation/${id}`, {
    headers: { Authorization: `Bearer ${system}` },
  });
  expect(await read.text()).toMatch(/"status":"amended".*"value":1\.10/);
});

test.each<[string, number, object, object]>([
  ['that is not valid', 422, [{ op: 'replace', path: '/status', value: 'bogus' }], JSON_PATCH],
  ['that takes away what is required', 422, [{ op: 'remove', path: '/status' }], JSON_PATCH],
  ['of another type', 400, [{ op: 'replace', path: '/resourceType', value: 'Media' }], JSON_PATCH],
  ['of another id', 400, [{ op: 'replace', path: '/id', value: 'other' }], JSON_PATCH],
  ['of another version', 400, [{ op: 'replace', path: '/meta/versionId', value: '7' }], JSON_PATCH],
  [
    'of another patient',
    422,
    [{ op: 'replace', path: '/subject/reference', value: 'Patient/x' }],
    JSON_PATCH,
  ],
  ['whose test fails', 422, [{ op: 'test', path: '/status', value: 'amended' }], JSON_PATCH],
  ['that is no patch', 400, { op: 'remove' }, JSON_PATCH],
  ['that is a resource', 400, { resourceType: 'Observation' }, {}],
  ['of an unknown kind', 415, [], { 'Content-Type': 'application/merge-patch+json' }],
  ['of a version that is gone', 412, [], { ...JSON_PATCH, 'If-Match': 'W/"9"' }],
])('a patch %s is refused with %i, and nothing is written', async (_, status, body, headers) => {
  const patient = await newPatient();
  const id = await created(heartRate(patient));
  const answer = await call(system, 'PATCH', `Observation/${id}`, body, headers);
  expect([answer.status, answer.body['resourceType']]).toEqual([status, 'OperationOutcome']);
  expect((await call(system, 'GET', `Observation/${id}`)).body).toMatchObject({ meta: { versionId: '1' } });
});

test('a patch is judged as the update that it is: by scope, grant and what is there', async () => {
  const patient = await newPatient();
  const id = await created(heartRate(patient));
  await call(system, 'PUT', 'Practitioner/patcher', { resourceType: 'Practitioner', id: 'patcher' });
  const doctor = await gateway.enter({ role: 'doctor', fhirUser: 'Practitioner/patcher' });
  const patch = [{ op: 'replace', path: '/status', value: 'amended' }];
  const by = (token: string, path: string, body: object = patch) =>
    call(token, 'PATCH', path, body, JSON_PATCH);
  expect((await by(doctor, `Observation/${id}`)).status).toBe(404);
  const own = await gateway.enter({ role: 'patient', fhirUser: `Patient/${patient}` });
  expect((await call(own, 'POST', 'Consent', grantTo(patient, 'Practitioner/patcher'))).status).toBe(201);
  expect((await by(doctor, `Observation/${id}`)).status).toBe(200);
  expect((await by(own, `Observation/${id}`)).status).toBe(403);
  expect(
    (await by(own, `Patient/${patient}`, [{ op: 'add', path: '/birthDate', value: '2000-01-01' }])).status,
  ).toBe(403);
  expect(
    (await by(own, `Patient/${patient}`, [{ op: 'add', path: '/name', value: [{ family: 'New' }] }])).status,
  ).toBe(200);
  for (const scopes of ['system/*.u', 'system/*.rs', 'system/Condition.cruds']) {
    const narrow = await gateway.enter({ role: 'system', scopes });
    expect((await by(narrow, `Observation/${id}`)).status).toBe(403);
  }
  expect((await by(system, 'Observation/none')).status).toBe(404);
  await call(system, 'DELETE', `Observation/${id}`);
  expect((await by(system, `Observation/${id}`)).status).toBe(410);
});

test('of many patches at once none is lost', async () => {
  const id = await created(heartRate(await newPatient()));
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, at) =>
      call(
        system,
        'PATCH',
        `Observation/${id}`,
        [
          { op: 'add', path: '/note', value: at === 0 ? [{ text: '0' }] : [] },
          ...[{ op: 'replace', path: '/note', value: [{ text: String(at) }] }],
        ],
        JSON_PATCH,
      ),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
  expect(new Set(answers.map(({ headers }) => headers.get('ETag'))).size).toBe(12);
});

test('a patch in a batch and in a transaction, as a Binary or as Parameters', async () => {
  const patient = await newPatient();
  const [one, two] = [await created(heartRate(patient)), await created(heartRate(patient))];
  const binary: JsonObject = {
    resourceType: 'Binary',
    contentType: 'application/json-patch+json',
    data: Buffer.from('[{"op":"replace","path":"/status","value":"amended"}]').toString('base64'),
  };
  const patching = (resource: JsonObject, url: string): JsonObject => ({
    resource,
    request: { method: 'PATCH', url },
  });
  const entries = [
    patching(binary, `Observation/${one}`),
    patching(replacing('Observation.status', { valueCode: 'corrected' }), `Observation/${two}`),
  ];
  const { status, body } = await call(system, 'POST', '', transaction(...entries, post(heartRate(patient))));
  expect(status).toBe(200);
  const lines = (body['entry'] as { response: { status: string } }[]).map(({ response }) => response.status);
  expect(lines).toEqual(['200 OK', '200 OK', '201 Created']);
  expect((await call(system, 'GET', `Observation/${one}`)).body['status']).toBe('amended');
  expect((await call(system, 'GET', `Observation/${two}`)).body['status']).toBe('corrected');
  const batch = await call(system, 'POST', '', { ...transaction(...entries), type: 'batch' });
  expect(JSON.stringify(batch.body)).toMatch(/"200 OK".*"200 OK"/);
  const twice = transaction(patching(binary, `Observation/${one}`), patching(binary, `Observation/${one}`));
  expect((await call(system, 'POST', '', twice)).status).toBe(400);
  const bad = transaction(
    post(heartRate(patient)),
    patching({ ...binary, data: 'W10', contentType: 'a/b' }, `Observation/${one}`),
  );
  expect((await call(system, 'POST', '', bad)).status).toBe(400);
});
