import { afterAll, beforeAll } from '@jest/globals';
import { FhirError } from '../../fhir/errors.ts';
import type { Resource } from '../../fhir/resource.ts';
import type { OpenStore, TestStore } from './store.ts';

const LOINC = 'http://loinc.org';

/** Token parameters that name sets of codes, on any engine. */
export function codeSetSuite(open: OpenStore): void {
  const observation = (id: string, code?: string, system = LOINC): Resource => ({
    resourceType: 'Observation',
    id,
    status: 'final',
    code: code === undefined ? { text: 'none' } : { coding: [{ system, code }] },
    subject: { reference: 'Patient/p1' },
  });

  let store: TestStore;

  beforeAll(async () => {
    store = await open();
    await store.put([
      { resourceType: 'Patient', id: 'p1' },
      observation('o1', 'a'),
      observation('o2', 'b'),
      observation('o3', 'c'),
      observation('o4', 'a', 'urn:other'),
      observation('o5'),
    ]);
    await store.grant('p1', 'Organization/hospital');
  });
  afterAll(() => store.close());

  test.each([
    ['code:in=urn:vs:pressure', ['o1', 'o2']],
    ['code:not-in=urn:vs:pressure', ['o3', 'o4', 'o5']],
    ['code:in=urn:vs:pressure,urn:vs:large', ['o1', 'o2', 'o3']],
    [`code:below=${LOINC}|a`, ['o1', 'o2']],
    [`code:above=${LOINC}|a`, ['o1', 'o3']],
    ['code:in=urn:vs:large', ['o3']],
    ['code:in=urn:vs:pressure&code:not-in=urn:vs:large', ['o1', 'o2']],
    ['status:in=urn:vs:pressure', []],
  ])('Observation?%s finds %j', async (query, expected) => {
    expect((await store.ids(`Observation?${query}`)).sort()).toEqual(expected);
    expect((await store.ids(`Observation?subject=Patient/p1&${query}`)).sort()).toEqual(expected);
  });

  test('a set of codes is asked of what a chain leads to', async () => {
    expect(await store.ids('Patient?_has:Observation:subject:code:in=urn:vs:pressure')).toEqual(['p1']);
    expect(await store.ids('Patient?_has:Observation:subject:status:in=urn:vs:pressure')).toEqual([]);
  });

  test.each([
    ['code:in=urn:vs:nobody', 422, 'urn:vs:nobody'],
    ['code:in=urn:vs:large,urn:vs:large', 400, 'More than 5000'],
    ['code:below=a', 400, 'system|code'],
    [`code:above=${LOINC}|`, 400, 'system|code'],
    [`code:in=${Array(11).fill('urn:vs:pressure').join()}`, 400, 'code:in'],
    ['code:within=urn:vs:pressure', 400, 'not supported'],
  ])('Observation?%s is %i', async (query, status, why) => {
    const failure = await store.ids(`Observation?${query}`).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(failure instanceof FhirError)) throw failure;
    expect(failure.status).toBe(status);
    expect(failure.message).toContain(why);
  });
}
