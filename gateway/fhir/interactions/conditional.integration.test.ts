import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../../cli/test-gateway.ts';
import { callAt, type Asked } from '../../testing/call.ts';
import { heartRate, transaction } from '../../testing/resources.ts';
import type { JsonObject } from '../resource.ts';

let gateway: TestGateway;
let system: string;
let patient: string;
const call = (...asked: Asked) => callAt(gateway.fhirBase, ...asked);

let numbers = 0;
/** An identifier that nothing else has, and criteria that find it. */
const fresh = (): { identifier: JsonObject[]; criteria: string } => {
  const value = String((numbers += 1));
  return {
    identifier: [{ system: 'urn:conditional', value }],
    criteria: `Observation?identifier=urn:conditional|${value}`,
  };
};

const found = async (criteria: string): Promise<JsonObject[]> => {
  const { body } = await call(system, 'GET', criteria);
  return ((body['entry'] ?? []) as { resource: JsonObject }[]).map(({ resource }) => resource);
};

beforeAll(async () => {
  gateway = await startTestGateway();
  system = await gateway.enter({ role: 'system', scopes: 'system/*.cruds' });
  patient = String((await call(system, 'POST', 'Patient', { resourceType: 'Patient' })).body['id']);
});
afterAll(() => gateway.close());

test('an update by criteria creates where nothing matches, updates what does, and refuses several', async () => {
  const { identifier, criteria } = fresh();
  const one = heartRate(patient, { identifier });
  const first = await call(system, 'PUT', criteria, one);
  expect(first.status).toBe(201);
  expect(first.headers.get('Location')).toContain('/_history/1');
  const second = await call(system, 'PUT', criteria, { ...one, status: 'amended' });
  expect([second.status, second.headers.get('ETag')]).toEqual([200, 'W/"2"']);
  expect(second.body['id']).toBe(first.body['id']);
  const named = { ...one, id: String(first.body['id']) };
  expect((await call(system, 'PUT', criteria, named)).status).toBe(200);
  expect((await call(system, 'PUT', criteria, { ...one, id: 'another' })).status).toBe(400);
  expect((await call(system, 'PUT', criteria, one, { 'If-Match': 'W/"1"' })).status).toBe(412);
  expect((await call(system, 'POST', 'Observation', one)).status).toBe(201);
  expect((await call(system, 'PUT', criteria, one)).status).toBe(412);
  expect((await call(system, 'PUT', 'Observation', one)).status).toBe(400);
  expect((await call(system, 'PUT', 'Observation?nonsense=1', one)).status).toBe(400);
});

test('an update by criteria with an id of the client’s own creates that, and never writes over another', async () => {
  const { identifier, criteria } = fresh();
  const body = { ...heartRate(patient, { identifier }), id: 'own-conditional' };
  expect((await call(system, 'PUT', criteria, body)).status).toBe(201);
  expect((await call(system, 'GET', 'Observation/own-conditional')).status).toBe(200);
  const other = fresh();
  expect((await call(system, 'PUT', other.criteria, { ...body, identifier: other.identifier })).status).toBe(
    412,
  );
  expect((await call(system, 'PUT', other.criteria, body, { 'If-Match': 'W/"1"' })).status).toBe(412);
});

test('of a hundred updates by the same criteria at once, one creates and the others update that', async () => {
  const { identifier, criteria } = fresh();
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => call(system, 'PUT', criteria, heartRate(patient, { identifier }))),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(99);
  expect(await found(criteria)).toHaveLength(1);
});

test('of a hundred creates by the same criteria at once, one creates and the others find it', async () => {
  const { identifier, criteria } = fresh();
  const condition = { 'If-None-Exist': criteria.split('?')[1] };
  const answers = await Promise.all(
    Array.from({ length: 100 }, () =>
      call(system, 'POST', 'Observation', heartRate(patient, { identifier }), condition),
    ),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(99);
  expect(await found(criteria)).toHaveLength(1);
});

test('If-None-Match: * lets a PUT create and not replace', async () => {
  const body = { ...heartRate(patient), id: 'only-new' };
  const star = { 'If-None-Match': '*' };
  expect((await call(system, 'PUT', 'Observation/only-new', body, star)).status).toBe(201);
  expect((await call(system, 'PUT', 'Observation/only-new', body, star)).status).toBe(412);
  expect((await call(system, 'PUT', 'Observation/only-new', body, { 'If-None-Match': 'W/"1"' })).status).toBe(
    412,
  );
  expect((await call(system, 'PUT', 'Observation/only-new', body, { 'If-None-Match': 'W/"7"' })).status).toBe(
    200,
  );
});

test('a delete by criteria takes the one that matches, and none of several', async () => {
  const { identifier, criteria } = fresh();
  const one = heartRate(patient, { identifier });
  expect((await call(system, 'DELETE', criteria)).status).toBe(204);
  const { body } = await call(system, 'POST', 'Observation', one);
  expect((await call(system, 'DELETE', criteria)).status).toBe(204);
  expect((await call(system, 'GET', `Observation/${String(body['id'])}`)).status).toBe(410);
  await call(system, 'POST', 'Observation', one);
  await call(system, 'POST', 'Observation', one);
  expect((await call(system, 'DELETE', criteria)).status).toBe(412);
  expect(await found(criteria)).toHaveLength(2);
  expect((await call(system, 'DELETE', 'Observation')).status).toBe(400);
  expect((await call(system, 'DELETE', `Patient?_id=${patient}`)).status).toBe(400);
});

test('a patch by criteria', async () => {
  const { identifier, criteria } = fresh();
  const patch = [{ op: 'replace', path: '/status', value: 'amended' }];
  const headers = { 'Content-Type': 'application/json-patch+json' };
  expect((await call(system, 'PATCH', criteria, patch, headers)).status).toBe(404);
  await call(system, 'POST', 'Observation', heartRate(patient, { identifier }));
  expect((await call(system, 'PATCH', criteria, patch, headers)).body['status']).toBe('amended');
});

test('criteria match only what the caller sees', async () => {
  const { identifier, criteria } = fresh();
  await call(system, 'POST', 'Observation', heartRate(patient, { identifier }));
  await call(system, 'PUT', 'Practitioner/unknown', { resourceType: 'Practitioner', id: 'unknown' });
  const doctor = await gateway.enter({ role: 'doctor', fhirUser: 'Practitioner/unknown' });
  expect((await call(doctor, 'DELETE', criteria)).status).toBe(204);
  expect((await call(doctor, 'PUT', criteria, heartRate(patient, { identifier }))).status).toBe(403);
  expect(await found(criteria)).toHaveLength(1);
});

test('in a transaction: updates, deletes and patches by criteria, and none twice for one criteria', async () => {
  const [a, b, c] = [fresh(), fresh(), fresh()];
  await call(system, 'POST', 'Observation', heartRate(patient, { identifier: b.identifier }));
  const put = (url: string, resource: JsonObject): JsonObject => ({
    resource,
    request: { method: 'PUT', url },
  });
  const bundle = transaction(
    put(a.criteria, heartRate(patient, { identifier: a.identifier })),
    put(b.criteria, heartRate(patient, { identifier: b.identifier, status: 'amended' })),
    { request: { method: 'DELETE', url: c.criteria } },
  );
  const { status, body } = await call(system, 'POST', '', bundle);
  expect(status).toBe(200);
  const lines = (body['entry'] as { response: { status: string } }[]).map(({ response }) => response.status);
  expect(lines).toEqual(['201 Created', '200 OK', '204 No Content']);
  expect(await found(a.criteria)).toHaveLength(1);
  expect(await found(b.criteria)).toMatchObject([{ status: 'amended', meta: { versionId: '2' } }]);
  const deleting = transaction({ request: { method: 'DELETE', url: b.criteria } });
  expect((await call(system, 'POST', '', deleting)).status).toBe(200);
  expect(await found(b.criteria)).toEqual([]);
  const twice = transaction(
    put(c.criteria, heartRate(patient, { identifier: c.identifier })),
    put(c.criteria, heartRate(patient, { identifier: c.identifier })),
  );
  expect((await call(system, 'POST', '', twice)).status).toBe(400);
  expect(await found(c.criteria)).toEqual([]);
});
