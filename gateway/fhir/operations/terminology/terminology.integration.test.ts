import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTestGateway, type TestGateway } from '../../../cli/test-gateway.ts';
import { loadDefinitions } from '../../../terminology/load/load.ts';
import { DefinitionFile } from '../../../terminology/store/database.ts';
import { DefinitionWriter } from '../../../terminology/store/writer.ts';
import { ANIMALS, animals, filtered } from '../../../terminology/testing/animals.ts';
import type { JsonObject } from '../../resource.ts';

let gateway: TestGateway;
let system: string;
let doctor: string;

const ask = async (method: string, path: string, body?: object, token = system) => {
  const response = await fetch(`${gateway.fhirBase}/${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...(body && { 'Content-Type': 'application/fhir+json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as JsonObject };
};
const get = (path: string, token?: string) => ask('GET', path, undefined, token);
const parameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter });
const GENDER = 'http://hl7.org/fhir/ValueSet/administrative-gender';
const V3 = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
/** A Parameters answer, by name. */
const named = (body: JsonObject) =>
  Object.fromEntries(
    (body['parameter'] as { name: string }[]).map(({ name, ...value }) => [name, Object.values(value)[0]]),
  );
const codesOf = (body: JsonObject) =>
  ((body['expansion'] as JsonObject)['contains'] as { code: string }[]).map(({ code }) => code);

beforeAll(async () => {
  gateway = await startTestGateway();
  system = await gateway.enter({ role: 'system' });
  const { body } = await ask('POST', 'Practitioner', { resourceType: 'Practitioner' });
  doctor = await gateway.enter({ role: 'doctor', fhirUser: `Practitioner/${String(body['id'])}` });
});
afterAll(() => gateway.close());

describe('definitions', () => {
  test('R4’s own are read by id', async () => {
    const { status, body } = await get('ValueSet/administrative-gender', doctor);
    expect(status).toBe(200);
    expect(body).toMatchObject({ resourceType: 'ValueSet', url: GENDER });
    expect((await get('ValueSet/no-such')).status).toBe(404);
    const cut = await get('ValueSet/administrative-gender?_elements=name', doctor);
    expect([cut.body['name'], cut.body['text']]).toEqual([body['name'], undefined]);
  });

  test.each([
    [`ValueSet?url=${GENDER}`, ['administrative-gender']],
    [`ValueSet?url=${GENDER}&version=4.0.1&status=active`, ['administrative-gender']],
    [`ValueSet?url=${GENDER}&version=3.0.1`, []],
    ['CodeSystem?_id=observation-category', ['observation-category']],
    ['StructureDefinition?name:exact=Patient&kind=resource', ['Patient']],
    ['SearchParameter?base=AllergyIntolerance&code=onset', ['AllergyIntolerance-onset']],
    ['OperationDefinition?url=http://hl7.org/fhir/OperationDefinition/ValueSet-expand', ['ValueSet-expand']],
    ['CompartmentDefinition?code=Patient', ['patient']],
    ['ConceptMap?_id=sc-account-status', ['sc-account-status']],
    ['ValueSet?name=administrativegender', ['administrative-gender']],
  ])('%s finds %j', async (query, ids) => {
    const { status, body } = await get(query);
    expect(status).toBe(200);
    const entries = (body['entry'] ?? []) as { resource: { id: string } }[];
    expect(entries.map(({ resource }) => resource.id)).toEqual(ids);
    expect(body['total']).toBe(ids.length);
  });

  test('pages go on to the end, each definition once', async () => {
    let next: string | undefined = `${gateway.fhirBase}/CompartmentDefinition?_count=2&_sort=-name`;
    const names: string[] = [];
    while (next !== undefined) {
      const response = await fetch(next, { headers: { Authorization: `Bearer ${system}` } });
      const body = (await response.json()) as {
        entry: { resource: { name: string } }[];
        link: { relation: string; url: string }[];
      };
      names.push(...body.entry.map(({ resource }) => resource.name));
      next = body.link.find(({ relation }) => relation === 'next')?.url;
    }
    expect(names).toHaveLength(5);
    expect(new Set(names).size).toBe(5);
    expect(names).toEqual([...names].sort().reverse());
  });

  test.each([
    'ValueSet?colour=red',
    'ValueSet?url:above=http://a',
    'ValueSet?_include=ValueSet:reference',
    'ValueSet?date=soon',
  ])('%s is refused', async (query) => {
    const { status, body } = await get(query);
    expect([status, body['resourceType']]).toEqual([400, 'OperationOutcome']);
  });

  test('they are not written over REST', async () => {
    const { status } = await ask('PUT', 'ValueSet/mine', {
      resourceType: 'ValueSet',
      id: 'mine',
      status: 'draft',
    });
    expect(status).toBe(403);
  });

  test('a token whose scopes do not cover them learns nothing', async () => {
    const narrow = await gateway.enter({ role: 'system', scopes: 'system/Observation.rs' });
    for (const path of [
      'ValueSet/administrative-gender',
      `ValueSet?url=${GENDER}`,
      `ValueSet/$expand?url=${GENDER}`,
    ])
      expect((await get(path, narrow)).status).toBe(403);
  });
});

describe('$expand', () => {
  test('of a type by url, of an instance, and of a value set in the request', async () => {
    const codes = ['male', 'female', 'other', 'unknown'];
    expect(codesOf((await get(`ValueSet/$expand?url=${GENDER}`)).body)).toEqual(codes);
    expect(codesOf((await get('ValueSet/administrative-gender/$expand')).body)).toEqual(codes);
    const url = { name: 'url', valueUri: GENDER };
    const posted = await ask(
      'POST',
      'ValueSet/$expand',
      parameters(url, { name: 'filter', valueString: 'fem' }),
    );
    expect(codesOf(posted.body)).toEqual(['female']);
    const compose = {
      include: [{ valueSet: [GENDER] }],
      exclude: [{ system: 'http://hl7.org/fhir/administrative-gender', concept: [{ code: 'other' }] }],
    };
    const own = { name: 'valueSet', resource: { resourceType: 'ValueSet', status: 'draft', compose } };
    expect(codesOf((await ask('POST', 'ValueSet/$expand', parameters(own))).body)).toEqual([
      'male',
      'female',
      'unknown',
    ]);
  });

  test('answers a valid ValueSet, with its definition only where that is asked for', async () => {
    const { body } = await get(
      'ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/observation-category&includeDesignations=true',
    );
    expect(gateway.services.validate(body as Parameters<typeof gateway.services.validate>[0])).toEqual([]);
    expect(body['compose']).toBeUndefined();
    const whole = await get(`ValueSet/$expand?url=${GENDER}&includeDefinition=true&count=1`);
    expect(whole.body['compose']).toBeDefined();
    expect(whole.body['expansion']).toMatchObject({ total: 4, offset: 0 });
  });

  test.each([
    ['ValueSet/$expand', 400, 'invalid'],
    ['ValueSet/$expand?url=http://nobody.example/vs', 404, 'not-found'],
    ['ValueSet/no-such/$expand', 404, 'not-found'],
    ['ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/condition-code', 422, 'incomplete'],
    ['ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/c80-doc-typecodes', 422, 'too-costly'],
    [`ValueSet/$expand?url=${GENDER}&count=many`, 400, 'invalid'],
    [`ValueSet/$expand?url=${GENDER}&colour=red`, 400, 'invalid'],
    [`ValueSet/$expand?url=${GENDER}&valueSet=x`, 400, 'invalid'],
  ])('%s is %i %s', async (path, status, code) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code }] });
  });

  test.each([
    {
      resourceType: 'Parameters',
      parameter: [
        {
          name: 'valueSet',
          resource: { resourceType: 'ValueSet', status: 'draft', compose: { include: 'all' } },
        },
      ],
    },
    { resourceType: 'Parameters', parameter: [{ name: 'valueSet', resource: { resourceType: 'Patient' } }] },
    { resourceType: 'Parameters', parameter: 3 },
    { resourceType: 'ValueSet', status: 'draft' },
  ])('a body that is none is refused: %j', async (body) => {
    const answer = await ask('POST', 'ValueSet/$expand', body);
    expect([400, 422]).toContain(answer.status);
    expect(answer.body['resourceType']).toBe('OperationOutcome');
  });
});

describe('$validate-code', () => {
  test.each([
    ['code=male&system=http://hl7.org/fhir/administrative-gender', { result: true, display: 'Male' }],
    ['code=male', { result: true, display: 'Male' }],
    ['code=male&display=Male', { result: true, display: 'Male' }],
    ['code=male&display=Boy', { result: false, display: 'Male', message: expect.stringContaining('"Male"') }],
    [
      'code=robot&system=http://hl7.org/fhir/administrative-gender',
      { result: false, message: expect.stringContaining('not in the value set') },
    ],
    ['code=male&system=urn:other', { result: false, message: expect.any(String) }],
  ])('of a value set: %s', async (query, expected) => {
    const { status, body } = await get(`ValueSet/$validate-code?url=${GENDER}&${query}`);
    expect(status).toBe(200);
    expect(named(body)).toEqual(expected);
    expect(gateway.services.validate(body as Parameters<typeof gateway.services.validate>[0])).toEqual([]);
  });

  test('of a CodeableConcept one coding is enough', async () => {
    const coding = [
      { system: 'urn:x', code: '1' },
      { system: 'http://hl7.org/fhir/administrative-gender', code: 'other' },
    ];
    const { body } = await ask(
      'POST',
      'ValueSet/administrative-gender/$validate-code',
      parameters({ name: 'codeableConcept', valueCodeableConcept: { coding } }),
    );
    expect(named(body)).toEqual({ result: true, display: 'Other' });
  });

  test('whether a code is of a code system that is not loaded is not guessed', async () => {
    const url = 'http://hl7.org/fhir/ValueSet/condition-code';
    const { status, body } = await get(
      `ValueSet/$validate-code?url=${url}&system=http://snomed.info/sct&code=195967001`,
    );
    expect([status, body['resourceType']]).toEqual([422, 'OperationOutcome']);
  });

  test.each([
    ['url=http://hl7.org/fhir/administrative-gender&code=male', { result: true, display: 'Male' }],
    [
      'url=http://hl7.org/fhir/administrative-gender&code=robot',
      { result: false, message: expect.any(String) },
    ],
  ])('of a code system: %s', async (query, expected) => {
    expect(named((await get(`CodeSystem/$validate-code?${query}`)).body)).toEqual(expected);
  });

  test('of a code system in the request', async () => {
    const resource = { ...animals };
    const asked = parameters({ name: 'codeSystem', resource }, { name: 'code', valueCode: 'dog' });
    expect(named((await ask('POST', 'CodeSystem/$validate-code', asked)).body)).toEqual({
      result: true,
      display: 'Dog',
    });
    expect((await get(`CodeSystem/$lookup?system=${ANIMALS}&code=dog`)).status).toBe(422);
  });
});

describe('$lookup and $subsumes', () => {
  test('a code is looked up with its place in the hierarchy', async () => {
    const { status, body } = await get(`CodeSystem/$lookup?system=${V3}&code=IMMUNIZ`);
    expect(status).toBe(200);
    expect(named(body)).toMatchObject({ name: 'v3.ActCode', display: 'Immunization' });
    expect(gateway.services.validate(body as Parameters<typeof gateway.services.validate>[0])).toEqual([]);
    const only = await get(`CodeSystem/$lookup?system=${V3}&code=IMMUNIZ&property=parent`);
    expect(
      (only.body['parameter'] as { name: string; part?: object }[]).filter(({ name }) => name === 'property'),
    ).toEqual([
      expect.objectContaining({ part: expect.arrayContaining([{ name: 'code', valueCode: 'parent' }]) }),
    ]);
  });

  test.each([
    [`system=${V3}&code=NOSUCH`, 404],
    ['system=http://snomed.info/sct&code=195967001', 422],
    ['system=urn:far&code=1', 422],
    ['code=1', 400],
  ])('$lookup?%s is %i', async (query, status) => {
    expect((await get(`CodeSystem/$lookup?${query}`)).status).toBe(status);
  });

  test.each([
    ['codeA=COVPOL&codeB=IMMUNIZ', 'not-subsumed'],
    ['codeA=_ActPolicyType&codeB=COVPOL', 'subsumes'],
    ['codeA=COVPOL&codeB=_ActPolicyType', 'subsumed-by'],
    ['codeA=COVPOL&codeB=COVPOL', 'equivalent'],
  ])('$subsumes?%s is %s', async (query, outcome) => {
    const { status, body } = await get(`CodeSystem/$subsumes?system=${V3}&${query}`);
    expect(status).toBe(200);
    expect(named(body)).toEqual({ outcome });
  });

  test('$subsumes by codings, on an instance', async () => {
    const coding = (code: string) => ({ valueCoding: { system: V3, code } });
    const asked = parameters(
      { name: 'codingA', ...coding('COVPOL') },
      { name: 'codingB', ...coding('_ActPolicyType') },
    );
    expect(named((await ask('POST', 'CodeSystem/v3-ActCode/$subsumes', asked)).body)).toEqual({
      outcome: 'subsumed-by',
    });
  });
});

describe('$translate', () => {
  const url = 'http://hl7.org/fhir/ConceptMap/sc-account-status';
  test('by a concept map, and back', async () => {
    const there = await get(
      `ConceptMap/$translate?url=${url}&system=http://hl7.org/fhir/account-status&code=entered-in-error`,
    );
    expect(there.status).toBe(200);
    expect(named(there.body)).toMatchObject({
      result: true,
      match: expect.arrayContaining([{ name: 'equivalence', valueCode: expect.any(String) }]),
    });
    expect(gateway.services.validate(there.body as Parameters<typeof gateway.services.validate>[0])).toEqual(
      [],
    );
    const back = await get(
      `ConceptMap/sc-account-status/$translate?system=http://hl7.org/fhir/resource-status&code=error&reverse=true`,
    );
    expect(named(back.body)).toMatchObject({ result: true });
    const none = await get(
      `ConceptMap/$translate?url=${url}&system=http://hl7.org/fhir/account-status&code=none`,
    );
    expect(named(none.body)).toMatchObject({ result: false, message: expect.any(String) });
  });
});

describe('searches by sets of codes', () => {
  let found: (query: string) => Promise<{ status: number; ids: string[]; body: JsonObject }>;
  const dog = { coding: [{ system: ANIMALS, code: 'dog' }] };
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    const file = DefinitionFile.openForWriting(join(gateway.dataDir, 'terminology.db'));
    const at = join(gateway.dataDir, 'definitions.json');
    const mammals = filtered('mammals', ['concept', 'is-a', 'mammal']);
    writeFileSync(
      at,
      JSON.stringify({
        resourceType: 'Bundle',
        type: 'collection',
        entry: [animals, mammals].map((resource) => ({ resource })),
      }),
    );
    await loadDefinitions(new DefinitionWriter(file), [at]);
    file.close();
    const patient = await ask('POST', 'Patient', { resourceType: 'Patient', gender: 'female' });
    const subject = { reference: `Patient/${String(patient.body['id'])}` };
    for (const code of [
      dog,
      { coding: [{ system: ANIMALS, code: 'finch' }] },
      { coding: [{ system: ANIMALS, code: 'bat' }] },
    ]) {
      const { body } = await ask('POST', 'Observation', {
        resourceType: 'Observation',
        status: 'final',
        code,
        subject,
      });
      ids[String(body['id'])] = String(code.coding[0]?.code);
    }
    found = async (query) => {
      const { status, body } = await get(query);
      const entries = (body['entry'] ?? []) as { resource: { id: string } }[];
      return { status, body, ids: entries.map(({ resource }) => ids[resource.id] ?? resource.id).sort() };
    };
  });

  test.each([
    ['code:in=urn:vs:mammals', ['bat', 'dog']],
    ['code:in=ValueSet/mammals', ['bat', 'dog']],
    ['code:not-in=urn:vs:mammals', ['finch']],
    [`code:below=${ANIMALS}|flying`, ['bat', 'finch']],
    [`code:below=${ANIMALS}|finch,${ANIMALS}|dog`, ['dog', 'finch']],
    [`code:above=${ANIMALS}|bat`, ['bat']],
    ['code:in=urn:vs:mammals&code:not=urn:animals|dog', ['bat']],
    [`status:in=http://hl7.org/fhir/ValueSet/observation-status`, ['bat', 'dog', 'finch']],
    ['patient.gender:in=http://hl7.org/fhir/ValueSet/administrative-gender', ['bat', 'dog', 'finch']],
    ['patient.gender:not-in=http://hl7.org/fhir/ValueSet/administrative-gender', []],
  ])('Observation?%s finds %j', async (query, expected) => {
    const answer = await found(`Observation?${query}`);
    expect(answer.status).toBe(200);
    expect(answer.ids).toEqual(expected);
  });

  test.each([
    ['code:in=http://hl7.org/fhir/ValueSet/condition-code', 422, 'snomed'],
    ['code:in=urn:vs:nobody', 422, 'urn:vs:nobody'],
    ['code:in=http://hl7.org/fhir/ValueSet/c80-doc-typecodes', 422, 'too many'],
    ['code:below=dog', 400, 'system|code'],
    ['code:below=urn:far|1', 422, 'urn:far'],
    [`code:below=${ANIMALS}|unicorn`, 400, 'not in'],
    [`code:in=${Array(11).fill('urn:vs:mammals').join()}`, 400, 'code:in'],
  ])('Observation?%s is %i, and it is said why', async (query, status, why) => {
    const answer = await found(`Observation?${query}`);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ expression: ['http.code:in'].map(() => expect.stringMatching(/^http\.code/)) }],
    });
    expect(JSON.stringify(answer.body)).toContain(why);
  });

  test('what was loaded is read and searched like R4’s own, while the gateway runs', async () => {
    expect((await get('CodeSystem/animals')).body).toMatchObject({
      url: ANIMALS,
      concept: expect.any(Array),
    });
    expect((await found(`CodeSystem?url=${ANIMALS}`)).ids).toEqual(['animals']);
    expect(
      named((await get(`CodeSystem/$lookup?system=${ANIMALS}&code=dog&displayLanguage=de`)).body),
    ).toMatchObject({ display: 'Hund' });
  });

  test('a scope by a value set opens what is in it', async () => {
    const narrow = await gateway.enter({
      role: 'system',
      scopes: 'system/Observation.rs?code:in=urn:vs:mammals',
    });
    const { body } = await get('Observation', narrow);
    const entries = (body['entry'] ?? []) as { resource: { id: string } }[];
    expect(entries.map(({ resource }) => ids[resource.id]).sort()).toEqual(['bat', 'dog']);
    const [finch] = Object.entries(ids).find(([, code]) => code === 'finch') ?? [];
    expect((await get(`Observation/${finch}`, narrow)).status).toBe(404);
  });
});
