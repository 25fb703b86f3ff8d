import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startTestGateway, type TestGateway } from './cli/test-gateway.ts';
import type { JsonObject } from './fhir/resource.ts';
import { callAt, type Asked } from './testing/call.ts';
import { grantTo, heartRate, post, transaction } from './testing/resources.ts';

let gateway: TestGateway;
let system: string;

const call = (...asked: Asked) => callAt(gateway.fhirBase, ...asked);

const newPatient = async (more: JsonObject = {}): Promise<string> => {
  const { status, body } = await call(system, 'POST', 'Patient', {
    resourceType: 'Patient',
    name: [{ family: 'Test' }],
    ...more,
  });
  expect(status).toBe(201);
  return String(body['id']);
};

beforeAll(async () => {
  gateway = await startTestGateway();
  system = await gateway.enter({ role: 'system', scopes: 'system/*.cruds' });
});
afterAll(() => gateway.close());

describe('writing', () => {
  test('of fifty conditional creates at once, one creates and the others find it', async () => {
    const name = 'identifier=http://example.org/org|1';
    const organisation = {
      resourceType: 'Organization',
      identifier: [{ system: 'http://example.org/org', value: '1' }],
      name: 'One',
    };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        call(system, 'POST', 'Organization', organisation, { 'If-None-Exist': name }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(49);
    expect(new Set(answers.map(({ body }) => body['id'])).size).toBe(1);
  });

  test('a second Patient with an identifier that the organisation holds is a 409, by itself and in a transaction', async () => {
    const identifier = [{ system: 'http://example.org/mrn', value: '77' }];
    await newPatient({ identifier });
    const again = { resourceType: 'Patient', identifier };
    expect((await call(system, 'POST', 'Patient', again)).status).toBe(409);
    expect((await call(system, 'POST', '', transaction(post(again)))).status).toBe(409);
  });

  test('a transaction posted again with its Idempotency-Key gets the first answer, and does nothing', async () => {
    const bundle = transaction(post({ resourceType: 'Patient', name: [{ family: 'Once' }] }));
    const first = await call(system, 'POST', '', bundle, { 'Idempotency-Key': 'k1' });
    const second = await call(system, 'POST', '', bundle, { 'Idempotency-Key': 'k1' });
    expect(first.status).toBe(200);
    expect(second).toMatchObject({ status: 200, body: first.body });
    const shown = await call(system, 'POST', '', bundle, {
      'Idempotency-Key': 'k1',
      Prefer: 'return=representation',
    });
    expect(JSON.stringify(shown.body)).not.toContain('Once');
    expect((await call(system, 'GET', 'Patient?family=Once&_summary=count')).body['total']).toBe(1);
    const other = transaction(post({ resourceType: 'Patient', name: [{ family: 'Other' }] }));
    expect((await call(system, 'POST', '', other, { 'Idempotency-Key': 'k1' })).status).toBe(422);
  });

  test('a transaction with one bad entry writes nothing, and names the entry', async () => {
    const patient = await newPatient();
    const { status, body } = await call(
      system,
      'POST',
      '',
      transaction(post(heartRate(patient)), post({ ...heartRate(patient), status: 'bogus' })),
    );
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain('Bundle.entry[1].resource.status');
    expect((await call(system, 'GET', `Observation?patient=${patient}&_summary=count`)).body['total']).toBe(
      0,
    );
  });

  test('references between entries, in a circle too, become references to what was written', async () => {
    const [a, b] = [
      'urn:uuid:7a4a1c6e-1f0f-4b53-9d6b-0f5a1f7a0001',
      'urn:uuid:7a4a1c6e-1f0f-4b53-9d6b-0f5a1f7a0002',
    ];
    const patient = await newPatient();
    const { status } = await call(
      system,
      'POST',
      '',
      transaction(
        { fullUrl: a, ...post(heartRate(patient, { hasMember: [{ reference: b }] })) },
        { fullUrl: b, ...post(heartRate(patient, { hasMember: [{ reference: a }] })) },
      ),
    );
    expect(status).toBe(200);
    const { body } = await call(system, 'GET', `Observation?patient=${patient}`);
    const entries = body['entry'] as { resource: { id: string; hasMember: { reference: string }[] } }[];
    const ids = entries.map(({ resource }) => `Observation/${resource.id}`);
    expect(entries.map(({ resource }) => resource.hasMember[0]?.reference).sort()).toEqual([...ids].sort());
  });

  test('a read in a transaction that fails says so by itself: what was written stays', async () => {
    const { status, body } = await call(
      system,
      'POST',
      '',
      transaction(post({ resourceType: 'Patient', name: [{ family: 'Stays' }] }), {
        request: { method: 'GET', url: 'Patient/nobody' },
      }),
    );
    const entries = body['entry'] as { response: { status: string; outcome?: object } }[];
    expect([status, ...entries.map(({ response }) => response.status)]).toEqual([
      200,
      '201 Created',
      '404 Not Found',
    ]);
    expect(entries[1]?.response.outcome).toMatchObject({ issue: [{ expression: ['Bundle.entry[1]'] }] });
    expect((await call(system, 'GET', 'Patient?family=Stays&_summary=count')).body['total']).toBe(1);
  });

  test('a relative reference is relative to the entry that it stands in, and not to any other', async () => {
    const own = await newPatient();
    const stranger = { resourceType: 'Patient', name: [{ family: 'Stranger' }] };
    const subjects = await Promise.all(
      ['urn:uuid:7a4a1c6e-1f0f-4b53-9d6b-0f5a1f7a0003', 'http://other.example/fhir/Observation/1'].map(
        async (fullUrl) => {
          const bundle = transaction(
            { fullUrl: `http://other.example/fhir/Patient/${own}`, ...post(stranger) },
            { fullUrl, ...post(heartRate(own)) },
          );
          const { body } = await call(system, 'POST', '', bundle, { Prefer: 'return=representation' });
          const entries = body['entry'] as { resource: { id: string; subject?: { reference: string } } }[];
          return entries[1]?.resource.subject?.reference === `Patient/${own}`;
        },
      ),
    );
    expect(subjects).toEqual([true, false]);
  });

  test('twenty updates at once all count, each as a version of its own', async () => {
    const patient = await newPatient();
    const { body } = await call(system, 'POST', 'Observation', heartRate(patient));
    const id = String(body['id']);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        call(system, 'PUT', `Observation/${id}`, {
          ...heartRate(patient),
          id,
          note: [{ text: `note ${n}` }],
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    const history = await call(system, 'GET', `Observation/${id}/_history`);
    expect(history.body['total']).toBe(21);
  });

  test('an update cannot take a resource to another owner, and If-Match must name the current version', async () => {
    const [one, two] = [await newPatient(), await newPatient()];
    const { body } = await call(system, 'POST', 'Observation', heartRate(one));
    const id = String(body['id']);
    expect((await call(system, 'PUT', `Observation/${id}`, { ...heartRate(two), id })).status).toBe(422);
    const stale = await call(
      system,
      'PUT',
      `Observation/${id}`,
      { ...heartRate(one), id },
      { 'If-Match': 'W/"9"' },
    );
    expect(stale.status).toBe(412);
  });

  test('decimals keep the digits that they were written with', async () => {
    const patient = await newPatient();
    const text = JSON.stringify(heartRate(patient)).replace(/}$/, ',"valueQuantity":{"value":1.10}}');
    const written = await fetch(`${gateway.fhirBase}/Observation`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${system}`, 'Content-Type': 'application/fhir+json' },
      body: text,
    });
    expect(await written.text()).toContain('"value":1.10');
  });
});

describe('conditions', () => {
  const always = { 'If-None-Exist': 'code=8867-4' };

  test('match only what the token may search, and leave a trace with the patient', async () => {
    const id = await newPatient();
    await call(system, 'POST', 'Observation', heartRate(id));
    const narrow = await gateway.enter({ role: 'system', scopes: 'system/Observation.c system/Patient.rs' });
    expect((await call(narrow, 'POST', 'Observation', heartRate(id), always)).status).toBe(403);
    const patient = await gateway.enter({ role: 'patient', fhirUser: `Patient/${id}` });
    const before = (await call(patient, 'GET', 'AuditEvent?subtype=create&_summary=count')).body[
      'total'
    ] as number;
    const condition = { 'If-None-Exist': `code=8867-4&patient=${id}` };
    expect((await call(system, 'POST', 'Observation', heartRate(id), condition)).status).toBe(200);
    expect((await call(patient, 'GET', 'AuditEvent?subtype=create&_summary=count')).body['total']).toBe(
      before + 1,
    );
  });

  test('met in one record say nothing in another', async () => {
    const [one, two] = [await newPatient(), await newPatient()];
    const condition = { 'If-None-Exist': 'identifier=http://example.org/secret|1' };
    const answers = [
      await call(system, 'POST', 'Observation', heartRate(one), condition),
      await call(system, 'POST', 'Observation', heartRate(two), condition),
      await call(
        system,
        'POST',
        '',
        transaction(post(heartRate(two), { ifNoneExist: condition['If-None-Exist'] })),
      ),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 200]);
  });
});

test('a create leaves one AuditEvent, which is there when it is answered; so does one that is refused', async () => {
  const id = await newPatient();
  const patient = await gateway.enter({ role: 'patient', fhirUser: `Patient/${id}` });
  const path = 'AuditEvent?subtype=create&_sort=-date';
  const events = async () =>
    ((await call(patient, 'GET', path)).body['entry'] as { resource: JsonObject }[]).map(
      ({ resource }) => resource,
    );
  const before = (await events()).length;
  const { status, body } = await call(system, 'POST', 'Observation', heartRate(id));
  expect(status).toBe(201);
  expect((await call(patient, 'POST', 'Observation', heartRate(id))).status).toBe(403);
  const after = await events();
  expect(after).toHaveLength(before + 2);
  expect(after.map(({ outcome }) => outcome).slice(0, 2)).toEqual(['4', '0']);
  expect(JSON.stringify(after[1]?.['entity'])).toContain(`Observation/${String(body['id'])}`);
});

describe('the patient', () => {
  test('changes the own contact data, and neither identifiers nor anything clinical', async () => {
    const id = await newPatient({ identifier: [{ system: 'http://example.org/mrn', value: 'own' }] });
    const patient = await gateway.enter({ role: 'patient', fhirUser: `Patient/${id}` });
    const { body } = await call(patient, 'GET', `Patient/${id}`);
    const moved = { ...body, telecom: [{ system: 'phone', value: '1' }] };
    expect((await call(patient, 'PUT', `Patient/${id}`, moved)).status).toBe(200);
    const { identifier: _identifier, ...without } = moved as JsonObject;
    const refused = await call(patient, 'PUT', `Patient/${id}`, without);
    expect(refused.status).toBe(403);
    expect(JSON.stringify(refused.body)).toContain('Patient.identifier');
    expect((await call(patient, 'POST', 'Observation', heartRate(id))).status).toBe(403);
    expect((await call(patient, 'DELETE', `Patient/${id}`)).status).toBe(403);
  });

  test("does not learn whether another patient's record exists", async () => {
    const [own, other] = [await newPatient(), await newPatient()];
    const patient = await gateway.enter({ role: 'patient', fhirUser: `Patient/${own}` });
    for (const id of [other, 'nobody']) {
      expect((await call(patient, 'GET', `Patient/${id}`)).status).toBe(404);
      expect((await call(patient, 'GET', `Patient/${id}/$everything`)).status).toBe(404);
      expect((await call(patient, 'GET', `Observation?patient=${id}`)).body['total']).toBe(0);
    }
  });
});

describe('what is attached', () => {
  test('is seen by its organisation, and by whoever sees a resource that refers to it', async () => {
    const id = await newPatient();
    const patient = await gateway.enter({ role: 'patient', fhirUser: `Patient/${id}` });
    const lab = await gateway.enter({ role: 'system', mspId: 'LabMSP', scopes: 'system/*.cruds' });
    const binary = await call(system, 'POST', 'Binary', {
      resourceType: 'Binary',
      contentType: 'text/plain',
      data: 'aGk=',
    });
    const path = `Binary/${String(binary.body['id'])}`;
    expect((await call(system, 'GET', path)).status).toBe(200);
    expect((await call(lab, 'GET', path)).status).toBe(404);
    expect((await call(patient, 'GET', path)).status).toBe(404);
    const planted = {
      resourceType: 'Task',
      status: 'requested',
      intent: 'order',
      for: { reference: `Patient/${id}` },
      focus: { reference: path },
    };
    expect((await call(patient, 'POST', 'Task', planted)).status).toBe(201);
    expect((await call(patient, 'GET', path)).status).toBe(404);
    await call(system, 'POST', 'DocumentReference', {
      resourceType: 'DocumentReference',
      status: 'current',
      subject: { reference: `Patient/${id}` },
      content: [{ attachment: { contentType: 'text/plain', url: path } }],
    });
    expect((await call(patient, 'GET', path)).status).toBe(200);
    expect((await call(lab, 'GET', path)).status).toBe(404);
  });
});

describe('sharing', () => {
  test('nothing of a record is contained in what everyone reads', async () => {
    const id = await newPatient();
    const { status, body } = await call(system, 'POST', 'Practitioner', {
      resourceType: 'Practitioner',
      contained: [{ resourceType: 'Condition', id: 'c', subject: { reference: `Patient/${id}` } }],
      extension: [{ url: 'http://example.org/x', valueReference: { reference: '#c' } }],
    });
    expect([status, JSON.stringify(body).includes('Practitioner.contained')]).toEqual([422, true]);
  });

  test('a lab changes Tasks that are addressed to it, and no others', async () => {
    const id = await newPatient();
    const patient = await gateway.enter({ role: 'patient', fhirUser: `Patient/${id}` });
    await call(patient, 'POST', 'Consent', grantTo(id, 'Organization/lab'));
    const worker = await call(
      await gateway.enter({ role: 'system', mspId: 'LabMSP' }),
      'POST',
      'Practitioner',
      { resourceType: 'Practitioner' },
    );
    const lab = await gateway.enter({
      role: 'lab',
      mspId: 'LabMSP',
      fhirUser: `Practitioner/${String(worker.body['id'])}`,
    });
    const task = (owner: string) => ({
      resourceType: 'Task',
      status: 'requested',
      intent: 'order',
      for: { reference: `Patient/${id}` },
      owner: { reference: owner },
    });
    for (const [owner, expected] of [
      ['Organization/lab', 200],
      ['Organization/hospital', 403],
    ] as const) {
      const { body } = await call(system, 'POST', 'Task', task(owner));
      const accepted = { ...body, status: 'accepted' };
      expect((await call(lab, 'PUT', `Task/${String(body['id'])}`, accepted)).status).toBe(expected);
    }
  });

  test('only a question gets into a record without a grant', async () => {
    const id = await newPatient();
    const { body } = await call(system, 'POST', 'Practitioner', { resourceType: 'Practitioner' });
    const doctor = await gateway.enter({ role: 'doctor', fhirUser: `Practitioner/${String(body['id'])}` });
    const ask = grantTo(id, `Practitioner/${String(body['id'])}`);
    for (const status of ['inactive', 'rejected', 'entered-in-error', 'draft']) {
      expect((await call(doctor, 'POST', 'Consent', { ...ask, status })).status).toBe(403);
    }
    expect((await call(doctor, 'POST', 'Consent', ask)).status).toBe(403);
    const asked = await call(doctor, 'POST', 'Consent', { ...ask, status: 'proposed' });
    expect(asked.status).toBe(201);
    const path = `Consent/${String(asked.body['id'])}`;
    expect((await call(doctor, 'PUT', path, { ...asked.body, status: 'active' })).status).toBe(403);
    expect((await call(doctor, 'PUT', path, { ...asked.body, status: 'inactive' })).status).toBe(200);
  });
});

describe('small print', () => {
  test('a patient who writes for another learns nothing: 404, with any verb', async () => {
    const [own, other] = [await newPatient(), await newPatient()];
    const patient = await gateway.enter({
      role: 'patient',
      fhirUser: `Patient/${own}`,
      scopes: 'patient/*.cruds',
    });
    const answers = [
      await call(patient, 'PUT', `Patient/${other}`, { resourceType: 'Patient', id: other }),
      await call(patient, 'POST', 'Consent', grantTo(other, 'Organization/lab')),
      await call(patient, 'DELETE', `Patient/${other}`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  });

  test('empty criteria and unknown encodings are refused, what was deleted comes back as created', async () => {
    const id = await newPatient();
    const { body } = await call(system, 'POST', 'Observation', heartRate(id));
    const path = `Observation/${String(body['id'])}`;
    expect((await call(system, 'POST', 'Observation', heartRate(id), { 'If-None-Exist': '' })).status).toBe(
      400,
    );
    expect(
      (await call(system, 'POST', 'Observation', heartRate(id), { 'Content-Encoding': 'rot13' })).status,
    ).toBe(415);
    expect((await call(system, 'DELETE', path)).status).toBe(204);
    expect((await call(system, 'PUT', path, body)).status).toBe(201);
  });
});

describe('erasure', () => {
  test('by HR of the home organisation closes every endpoint, and is answered 410 to HR alone', async () => {
    const id = await newPatient();
    const patient = await gateway.enter({ role: 'patient', fhirUser: `Patient/${id}` });
    const hr = await gateway.enter({ role: 'hr' });
    const strange = await gateway.enter({ role: 'hr', mspId: 'LabMSP' });
    const { body } = await call(system, 'POST', 'Observation', heartRate(id));
    expect((await call(strange, 'DELETE', `Patient/${id}`)).status).toBe(404);
    expect((await call(system, 'DELETE', `Patient/${id}`)).status).toBe(403);
    expect((await call(hr, 'DELETE', `Patient/${id}`)).status).toBe(204);
    expect((await call(hr, 'GET', `Patient/${id}`)).status).toBe(410);
    for (const token of [patient, system, strange]) {
      for (const path of [
        `Patient/${id}`,
        `Observation/${String(body['id'])}`,
        `Patient/${id}/_history`,
        `Patient/${id}/$everything`,
      ]) {
        const { status } = await call(token, 'GET', path);
        expect([403, 404]).toContain(status);
        if (path.startsWith('Patient')) expect(status).toBe(404);
      }
    }
    expect((await call(system, 'POST', 'Observation', heartRate(id))).status).toBe(422);
    expect(await gateway.services.index.recordKeys(id)).toEqual({ entries: [], grantees: [] });
  });

  test('takes what was set aside as well, and leaves nothing readable on disk', async () => {
    const id = await newPatient({ name: [{ family: 'Zyxwvutsrq' }] });
    const hr = await gateway.enter({ role: 'hr' });
    const { identity } = gateway.principalOf(system);
    const content = new TextEncoder().encode('smuggled-in-plain-text');
    await gateway.services.ledger.submit(identity, [
      {
        fn: 'CreateAssets',
        assets: [
          {
            kind: 'entry',
            entry: {
              type: 'Condition',
              id: `aside-${id}`,
              home: 'patient',
              patient: id,
              section: 'diagnosis',
              version: 0,
              enc: 'none',
              kid: '',
              content,
            },
          },
        ],
      },
    ]);
    expect((await call(system, 'GET', `Condition/aside-${id}`)).status).toBe(404);
    expect(onDisk('smuggled-in-plain-text')).toEqual(['ledger.db-wal']);
    expect(onDisk('Zyxwvutsrq').length).toBeGreaterThan(0);
    expect((await call(hr, 'DELETE', `Patient/${id}`)).status).toBe(204);
    expect([
      ...onDisk('smuggled-in-plain-text'),
      ...onDisk('Zyxwvutsrq'),
      ...onDisk('ZYXWVUTSRQ'),
      ...onDisk('zyxwvutsrq'),
    ]).toEqual([]);
  });
});

/** Files of the data folder that hold a text. */
function onDisk(text: string): string[] {
  return readdirSync(gateway.dataDir).filter((name) =>
    readFileSync(join(gateway.dataDir, name)).includes(text),
  );
}
