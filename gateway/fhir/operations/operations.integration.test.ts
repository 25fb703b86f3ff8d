import { startTestGateway, type TestGateway } from '../../cli/test-gateway.ts';
import { call, create, type Answer } from '../../cli/testing/requests.ts';
import { grantTo, heartRate, labResult, patientNamed, practitioner } from '../../cli/testing/resources.ts';
import type { JsonObject } from '../resource.ts';

let gateway: TestGateway;
let system: string;
let patient: string;
let token: string;
/** May see everything, reports alone, nothing. */
let doctor: string;
let reports: string;
let stranger: string;

const SECTIONS = 'http://fhir-fabric-gateway.org/CodeSystem/record-section';

async function enterDoctor(family: string): Promise<{ token: string; reference: string }> {
  const reference = `Practitioner/${await create(gateway, system, practitioner(family))}`;
  return { token: await gateway.enter({ role: 'doctor', fhirUser: reference }), reference };
}

beforeAll(async () => {
  gateway = await startTestGateway();
  system = await gateway.enter({ role: 'system', scopes: 'system/*.cruds' });
  patient = await create(gateway, system, patientNamed('Lovelace'));
  token = await gateway.enter({ role: 'patient', fhirUser: `Patient/${patient}` });
  const [all, some, none] = [
    await enterDoctor('Whole'),
    await enterDoctor('Part'),
    await enterDoctor('None'),
  ];
  [doctor, reports, stranger] = [all.token, some.token, none.token];
  await create(gateway, token, grantTo(patient, all.reference));
  const partial = grantTo(patient, some.reference);
  await create(gateway, token, {
    ...partial,
    provision: {
      ...(partial['provision'] as JsonObject),
      code: [{ coding: [{ system: SECTIONS, code: 'report' }] }],
    },
  });
});
afterAll(() => gateway.close());

const issues = ({ body }: Answer): JsonObject[] => body['issue'] as JsonObject[];
const errors = (answer: Answer): JsonObject[] =>
  issues(answer).filter(({ severity }) => severity === 'error');
const codes = (answer: Answer): unknown[] => errors(answer).map(({ code }) => code);
const validating = (resource: JsonObject, mode?: string): JsonObject => ({
  resourceType: 'Parameters',
  parameter: [
    { name: 'resource', resource },
    ...(mode === undefined ? [] : [{ name: 'mode', valueCode: mode }]),
  ],
});

describe('$validate', () => {
  const check = (who: string, path: string, body?: object) =>
    call(gateway, who, 'POST', `${path}/$validate`, body);

  test('says 200 and that nothing is wrong, and nothing is written', async () => {
    const before = await call(gateway, doctor, 'GET', `Observation?patient=${patient}&_summary=count`);
    for (const body of [heartRate(patient), validating(heartRate(patient), 'create')]) {
      const answer = await check(doctor, 'Observation', body);
      expect(answer).toMatchObject({ status: 200, body: { resourceType: 'OperationOutcome' } });
      expect(errors(answer)).toEqual([]);
    }
    const after = await call(gateway, doctor, 'GET', `Observation?patient=${patient}&_summary=count`);
    expect(after.body['total']).toBe(before.body['total']);
  });

  test.each<[string, (valid: JsonObject) => JsonObject, string]>([
    ['a code that there is not', (valid) => ({ ...valid, status: 'bogus' }), 'Observation.status'],
    ['what is missing', ({ code: _code, ...rest }) => rest, 'Observation.code'],
    ['an owner that is missing', ({ subject: _subject, ...rest }) => rest, 'Observation.subject'],
  ])('names the element of %s, and says 200', async (_what, broken, expression) => {
    const answer = await check(doctor, 'Observation', broken(heartRate(patient)));
    expect(answer.status).toBe(200);
    expect(JSON.stringify(errors(answer))).toContain(expression);
  });

  test('says what a write would say of the caller: no grant, a part of one, a role that never may', async () => {
    const created = (who: string, resource: JsonObject) =>
      check(who, 'Observation', validating(resource, 'create'));
    expect(codes(await created(stranger, heartRate(patient)))).toEqual(['forbidden']);
    expect(codes(await created(reports, heartRate(patient)))).toEqual(['forbidden']);
    expect(codes(await created(reports, labResult(patient)))).toEqual([]);
    expect(codes(await created(token, labResult(patient)))).toEqual(['forbidden']);
  });

  test('of an update and a delete says the same to who may not see the resource and where there is none', async () => {
    const id = await create(gateway, doctor, heartRate(patient));
    for (const mode of ['update', 'delete']) {
      const ask = (who: string, at: string) =>
        check(
          who,
          `Observation/${at}`,
          mode === 'delete' ? deleting : validating({ ...heartRate(patient), id: at }, mode),
        );
      expect(errors(await ask(doctor, id))).toEqual([]);
      expect(codes(await ask(stranger, id))).toEqual(codes(await ask(stranger, 'nothing')));
      expect(codes(await ask(stranger, id))).not.toEqual([]);
    }
    expect((await call(gateway, doctor, 'GET', `Observation/${id}`)).status).toBe(200);
  });

  test('says that HR may erase a record and that a doctor may not', async () => {
    const hr = await gateway.enter({ role: 'hr' });
    expect(errors(await check(hr, `Patient/${patient}`, deleting))).toEqual([]);
    expect(codes(await check(doctor, `Patient/${patient}`, deleting))).toEqual(['forbidden']);
    expect((await call(gateway, token, 'GET', `Patient/${patient}`)).status).toBe(200);
  });

  test('checks a resource that is there, for whoever may read it', async () => {
    const id = await create(gateway, doctor, heartRate(patient));
    expect(errors(await call(gateway, doctor, 'GET', `Observation/${id}/$validate`))).toEqual([]);
    for (const who of [stranger, reports])
      expect((await call(gateway, who, 'GET', `Observation/${id}/$validate`)).status).toBe(404);
  });

  test('says of a profile that is not loaded that it is not, and of the base profile nothing', async () => {
    const base = encodeURIComponent('http://hl7.org/fhir/StructureDefinition/Observation');
    const ask = (profile: string) =>
      call(gateway, doctor, 'POST', `Observation/$validate?profile=${profile}`, heartRate(patient));
    expect(codes(await ask(base))).toEqual([]);
    expect(codes(await ask('http://example.org/none'))).toEqual(['not-supported']);
  });

  test.each([
    ['no resource', undefined],
    ['a mode that there is not', validating({ resourceType: 'Observation' }, 'bogus')],
    [
      'a parameter that there is not',
      { resourceType: 'Parameters', parameter: [{ name: 'x', valueCode: 'y' }] },
    ],
    ['Parameters that are none', { resourceType: 'Parameters', parameter: 5 }],
  ])('refuses a call with %s', async (_what, body) => {
    expect((await check(doctor, 'Observation', body)).status).toBe(400);
  });

  const deleting = { resourceType: 'Parameters', parameter: [{ name: 'mode', valueCode: 'delete' }] };
});

describe('$meta', () => {
  const tag = { system: 'http://example.org/tags', code: 'seen' };
  const label = { system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' };
  const withMeta = (valueMeta: JsonObject) => ({
    resourceType: 'Parameters',
    parameter: [{ name: 'meta', valueMeta }],
  });
  const returned = ({ body }: Answer) => (body['parameter'] as { valueMeta: JsonObject }[])[0]?.valueMeta;

  test('adds once, takes away, and keeps the rest as it was written', async () => {
    const id = await create(gateway, doctor, labResult(patient));
    const path = `Observation/${id}`;
    const added = await call(
      gateway,
      doctor,
      'POST',
      `${path}/$meta-add`,
      withMeta({ tag: [tag], security: [label] }),
    );
    expect(added.status).toBe(200);
    expect(returned(added)).toEqual({ tag: [tag], security: [label] });
    await call(
      gateway,
      doctor,
      'POST',
      `${path}/$meta-add`,
      withMeta({ tag: [{ ...tag, display: 'Seen' }] }),
    );
    expect(returned(await call(gateway, doctor, 'GET', `${path}/$meta`))).toEqual({
      tag: [tag],
      security: [label],
    });
    const removed = await call(
      gateway,
      doctor,
      'POST',
      `${path}/$meta-delete`,
      withMeta({ security: [label] }),
    );
    expect(returned(removed)).toEqual({ tag: [tag] });
    const { body } = await call(gateway, doctor, 'GET', path);
    expect(body).toMatchObject({ ...labResult(patient), meta: { versionId: '3', tag: [tag] } });
  });

  test('numbers keep their digits when a label is put on', async () => {
    const text = JSON.stringify({ ...labResult(patient), valueQuantity: { value: 'N', unit: 'g' } }).replace(
      '"N"',
      '1.50',
    );
    const headers = { Authorization: `Bearer ${doctor}`, 'Content-Type': 'application/fhir+json' };
    const posted = await fetch(`${gateway.fhirBase}/Observation`, { method: 'POST', headers, body: text });
    const { id } = (await posted.json()) as { id: string };
    await call(gateway, doctor, 'POST', `Observation/${id}/$meta-add`, withMeta({ tag: [tag] }));
    const read = await fetch(`${gateway.fhirBase}/Observation/${id}`, { headers });
    const shown = await read.text();
    expect(shown).toContain('http://example.org/tags');
    expect(shown).toContain('1.50');
  });

  test('shows and changes nothing for who may not see the resource, or may only read it', async () => {
    const id = await create(gateway, doctor, heartRate(patient));
    for (const who of [stranger, reports]) {
      expect((await call(gateway, who, 'GET', `Observation/${id}/$meta`)).status).toBe(404);
      const change = await call(
        gateway,
        who,
        'POST',
        `Observation/${id}/$meta-add`,
        withMeta({ tag: [tag] }),
      );
      expect(change.status).toBe(404);
    }
    const own = await call(gateway, token, 'POST', `Observation/${id}/$meta-add`, withMeta({ tag: [tag] }));
    expect(own.status).toBe(403);
    const patientLabel = await call(
      gateway,
      token,
      'POST',
      `Patient/${patient}/$meta-add`,
      withMeta({ security: [label] }),
    );
    expect(patientLabel.status).toBe(403);
    expect(returned(await call(gateway, doctor, 'GET', `Observation/${id}/$meta`))).toEqual({});
  });

  test.each([
    ['no meta', { resourceType: 'Parameters' }],
    ['tags that are no list', withMeta({ tag: 'x' })],
  ])('refuses %s', async (_what, body) => {
    const id = await create(gateway, doctor, labResult(patient));
    expect((await call(gateway, doctor, 'POST', `Observation/${id}/$meta-add`, body)).status).toBe(400);
  });
});

describe('Patient/$everything', () => {
  type Entry = { resource: { resourceType: string; id: string } };
  let ada: string;
  let own: string;

  beforeAll(async () => {
    ada = await create(gateway, system, patientNamed('Byron'));
    own = await gateway.enter({ role: 'patient', fhirUser: `Patient/${ada}` });
    for (const year of [2019, 2020, 2021]) {
      await create(gateway, system, heartRate(ada, { effectiveDateTime: `${year}-06-01` }));
    }
  });

  async function pages(who: string, path: string): Promise<Entry[][]> {
    const found: Entry[][] = [];
    for (let at: string | undefined = path; at !== undefined;) {
      const { status, body } = await call(gateway, who, 'GET', at);
      expect(status).toBe(200);
      found.push((body['entry'] ?? []) as Entry[]);
      const next = (body['link'] as { relation: string; url: string }[]).find(
        ({ relation }) => relation === 'next',
      );
      at = next?.url.slice(gateway.fhirBase.length + 1);
    }
    return found;
  }
  const years = async (path: string) => {
    const found = (await pages(own, path))
      .flat()
      .map(({ resource }) => resource as JsonObject & Entry['resource']);
    return found
      .filter(({ resourceType }) => resourceType === 'Observation')
      .map(({ effectiveDateTime }) => String(effectiveDateTime).slice(0, 4))
      .sort();
  };

  test('has the Patient once, on whichever page it is asked for', async () => {
    const found = await pages(own, `Patient/${ada}/$everything?_count=1`);
    expect(found.length).toBeGreaterThan(3);
    const patients = found.flat().filter(({ resource }) => resource.resourceType === 'Patient');
    expect(patients.map(({ resource }) => resource.id)).toEqual([ada]);
    expect(found[0]).toContainEqual(patients[0]);
  });

  test('of a time has what happened then, by its own dates', async () => {
    const path = `Patient/${ada}/$everything`;
    expect(await years(path)).toEqual(['2019', '2020', '2021']);
    expect(await years(`${path}?start=2020-01-01`)).toEqual(['2020', '2021']);
    expect(await years(`${path}?end=2020-12-31`)).toEqual(['2019', '2020']);
    expect(await years(`${path}?start=2020&end=2020&_count=1`)).toEqual(['2020']);
  });

  test('with _type has nothing of other types, not even the Patient', async () => {
    const found = (await pages(own, `Patient/${ada}/$everything?_type=Observation&_count=2`)).flat();
    expect(new Set(found.map(({ resource }) => resource.resourceType))).toEqual(new Set(['Observation']));
  });

  test('without an id is the own record of a patient, and of nobody else', async () => {
    const found = (await pages(own, 'Patient/$everything')).flat();
    expect(found.map(({ resource }) => resource.id)).toContain(ada);
    expect(found.map(({ resource }) => resource.id)).not.toContain(patient);
    expect((await call(gateway, doctor, 'GET', 'Patient/$everything')).status).toBe(400);
  });

  test('takes its parameters posted as well', async () => {
    const { status, body } = await call(gateway, own, 'POST', `Patient/${ada}/$everything`, {
      resourceType: 'Parameters',
      parameter: [
        { name: 'start', valueDate: '2021-01-01' },
        { name: '_type', valueCode: 'Observation' },
        { name: '_type', valueCode: 'Condition' },
      ],
    });
    expect(status).toBe(200);
    expect(body['entry']).toHaveLength(1);
  });

  test('refuses who has no grant, and a day that there is not', async () => {
    expect((await call(gateway, stranger, 'GET', `Patient/${ada}/$everything`)).status).toBe(403);
    expect((await call(gateway, own, 'GET', `Patient/${ada}/$everything?start=2021-02-31`)).status).toBe(400);
  });

  test('of a part of the record shows that part', async () => {
    await create(gateway, doctor, heartRate(patient));
    await create(gateway, doctor, labResult(patient));
    const found = (await pages(reports, `Patient/${patient}/$everything`)).flat();
    const text = JSON.stringify(found);
    expect(text).toContain('718-7');
    expect(text).not.toContain('8867-4');
  });
});

describe('Observation/$lastn', () => {
  let grace: string;
  let own: string;
  let part: string;

  beforeAll(async () => {
    grace = await create(gateway, system, patientNamed('Hopper'));
    own = await gateway.enter({ role: 'patient', fhirUser: `Patient/${grace}` });
    const { token: who, reference } = await enterDoctor('Lastn');
    part = who;
    const partial = grantTo(grace, reference);
    const code = [{ coding: [{ system: SECTIONS, code: 'vitals' }] }];
    await create(gateway, own, { ...partial, provision: { ...(partial['provision'] as JsonObject), code } });
    for (const effectiveDateTime of ['2021-01-01', '2023-01-01', '2022-01-01', '2022-01-01'])
      await create(gateway, system, heartRate(grace, { effectiveDateTime }));
    await create(gateway, system, heartRate(grace));
    await create(gateway, system, labResult(grace, { effectiveDateTime: '2024-01-01' }));
  });

  const dates = async (who: string, query: string): Promise<string[]> => {
    const { status, body } = await call(gateway, who, 'GET', `Observation/$lastn?patient=${grace}&${query}`);
    expect(status).toBe(200);
    const entries = (body['entry'] ?? []) as { resource: JsonObject }[];
    expect(body['total']).toBe(entries.length);
    return entries.map(({ resource }) => String(resource['effectiveDateTime']).slice(0, 4));
  };
  const both = 'category=vital-signs,laboratory';

  test('is the most recent of each code, most recent first', async () => {
    expect(await dates(own, both)).toEqual(['2024', '2023']);
    expect(await dates(own, 'code=8867-4')).toEqual(['2023']);
    expect(await dates(own, 'code=8867-4&date=lt2022')).toEqual(['2021']);
    expect(await dates(own, 'code=no-such-code')).toEqual([]);
  });

  test('with max has so many, and all of the last time', async () => {
    expect(await dates(own, 'code=8867-4&max=2')).toEqual(['2023', '2022', '2022']);
    expect(await dates(own, 'code=8867-4&max=9')).toEqual(['2023', '2022', '2022', '2021', 'unde']);
  });

  test('of what the caller may not see there is nothing', async () => {
    expect(await dates(part, both)).toEqual(['2023']);
    expect(await dates(stranger, both)).toEqual([]);
    const hr = await gateway.enter({ role: 'hr' });
    const path = `Observation/$lastn?patient=${grace}&${both}`;
    expect((await call(gateway, hr, 'GET', path)).status).toBe(403);
  });

  test.each([
    'category=vital-signs',
    'patient=1',
    'patient=1&code=1&max=0',
    'patient=1&code=1&_count=1',
    'patient=1&code=1&bogus=1',
  ])('refuses %s', async (query) => {
    expect((await call(gateway, own, 'GET', `Observation/$lastn?${query}`)).status).toBe(400);
  });
});
