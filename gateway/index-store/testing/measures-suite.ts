import { afterAll, beforeAll } from '@jest/globals';
import type { JsonObject, Resource } from '../../fhir/resource.ts';
import type { OpenStore, TestStore } from './store.ts';

/** Quantities in whatever unit, and places, on any engine. */
export function measuresSuite(open: OpenStore): void {
  const UCUM = 'http://unitsofmeasure.org';
  const quantity = (value: number, code: string, more: JsonObject = {}): JsonObject => ({
    value,
    system: UCUM,
    code,
    unit: code,
    ...more,
  });
  const observation = (id: string, valueQuantity: JsonObject): Resource => ({
    resourceType: 'Observation',
    id,
    status: 'final',
    subject: { reference: 'Location/l' },
    code: { coding: [{ system: 'urn:c', code: id.charAt(0) }] },
    valueQuantity,
    component: [{ code: { coding: [{ system: 'urn:c', code: 'part' }] }, valueQuantity }],
  });
  const place = (id: string, latitude?: number, longitude = 0): Resource => ({
    resourceType: 'Location',
    id,
    ...(latitude !== undefined && { position: { latitude, longitude } }),
  });
  let store: TestStore;

  beforeAll(async () => {
    store = await open();
    await store.put([
      observation('m1', quantity(5.4, 'mg')),
      observation('m2', quantity(0.0054, 'g')),
      observation('m3', quantity(1, 'g')),
      observation('m4', quantity(5400, 'ug', { comparator: '<' })),
      observation('t1', quantity(37, 'Cel')),
      observation('t2', quantity(98.6, '[degF]')),
      observation('t3', quantity(40, 'Cel')),
      observation('i1', quantity(5, '[iU]/L')),
      observation('x1', { value: 5.4, unit: 'mg' }),
      observation('x2', { value: 5.4, system: 'urn:units', code: 'mg' }),
      place('berlin', 52.52, 13.405),
      place('potsdam', 52.3906, 13.0645),
      place('suva', -18.1416, 178.4419),
      place('apia', -13.8333, -171.7667),
      place('nowhere'),
    ]);
  });
  afterAll(() => store.close());

  const of = (value: string) => `Observation?value-quantity=${encodeURIComponent(value)}`;

  test.each<[string, string[]]>([
    [`5.4|${UCUM}|mg`, ['m1', 'm2']],
    [`0.0054|${UCUM}|g`, ['m1', 'm2']],
    [`gt5.4|${UCUM}|mg`, ['m3']],
    [`ge5.4|${UCUM}|mg`, ['m1', 'm2', 'm3', 'm4']],
    [`lt5.4|${UCUM}|mg`, ['m4']],
    [`ne5.4|${UCUM}|mg`, ['m3', 'm4']],
    [`ap5|${UCUM}|mg`, ['m1', 'm2', 'm4']],
    [`37|${UCUM}|Cel`, ['t1', 't2']],
    [`98.6|${UCUM}|[degF]`, ['t1', 't2']],
    [`ap38|${UCUM}|Cel`, ['t1', 't2', 't3']],
    [`gt310|${UCUM}|K`, ['t1', 't2', 't3']],
    [`5|${UCUM}|[iU]/L`, ['i1']],
    [`5.4|${UCUM}|mL`, []],
    ['5.4||mg', ['m1', 'x1', 'x2']],
    ['5.4|urn:units|mg', ['x2']],
    ['5.4', ['m1', 'x1', 'x2']],
    [`1|${UCUM}|g,5.4|urn:units|mg`, ['m3', 'x2']],
  ])('value-quantity=%s finds %j', async (value, ids) => {
    expect((await store.ids(of(value))).sort()).toEqual(ids);
  });

  test.each<[string, string[]]>([
    [`m$5.4|${UCUM}|mg`, ['m1', 'm2']],
    [`m$gt5|${UCUM}|mg,x$5.4||mg`, ['m1', 'm2', 'm3', 'm4', 'x1', 'x2']],
    [`t$gt100|${UCUM}|[degF]`, ['t3']],
  ])('code-value-quantity=%s finds %j', async (value, ids) => {
    const query = `Observation?code-value-quantity=${encodeURIComponent(value)}`;
    expect((await store.ids(query)).sort()).toEqual(ids);
  });

  test('the order of quantities is that of the amounts', async () => {
    const sort = [{ code: 'value-quantity', descending: true }];
    expect(await store.ids('Observation?code=m&_id=m1,m3', { sort })).toEqual(['m3', 'm1']);
  });

  test.each<[string, string[]]>([
    ['52.5|13.4|10|km', ['berlin']],
    ['52.5|13.4|10', ['berlin']],
    ['52.5|13.4', ['berlin', 'potsdam']],
    ['52.5|13.4|20|[mi_us]', ['berlin', 'potsdam']],
    ['52.5|13.4|5000|m', ['berlin']],
    ['52.52|13.405|0|m', ['berlin']],
    // Across the line where the date changes.
    ['-16|-179|900|km', ['apia', 'suva']],
    ['0|0|20100|km', ['apia', 'berlin', 'potsdam', 'suva']],
    ['0|0|1|km,52.52|13.405|1|km', ['berlin']],
  ])('near=%s finds %j', async (value, ids) => {
    expect((await store.ids(`Location?near=${encodeURIComponent(value)}`)).sort()).toEqual(ids);
  });

  test('near:missing=true finds places without a position', async () => {
    expect(await store.ids('Location?near:missing=true')).toEqual(['nowhere']);
  });

  test.each(['52', '91|0', '0|181', '0|0|-1', '0|0|1|kg', '0|0|x', '0|0|1|km|more', 'a|b'])(
    'near=%s is refused',
    async (value) => {
      const search = store.search(`Location?near=${encodeURIComponent(value)}`);
      await expect(search).rejects.toMatchObject({ status: 400, issues: [{ expression: ['http.near'] }] });
    },
  );

  test.each<[string, string[]]>([
    ['Encounter?location:below=Location/house', ['in-bed', 'in-house', 'in-ward']],
    ['Encounter?location:below=Location/ward', ['in-bed', 'in-ward']],
    ['Encounter?location:above=Location/bed', ['in-bed', 'in-house', 'in-ward']],
    ['Encounter?location:above=Location/house', ['in-house']],
    ['Encounter?location:below=Location/none', []],
    ['Location?partof:below=Location/house', ['bed', 'ward']],
  ])('%s finds %j', async (query, ids) => {
    const other = await open();
    const part = (id: string, of?: string): Resource => ({
      resourceType: 'Location',
      id,
      ...(of !== undefined && { partOf: { reference: `Location/${of}` } }),
    });
    const stay = (id: string): Resource => ({
      resourceType: 'Encounter',
      id: `in-${id}`,
      status: 'finished',
      class: { code: 'IMP' },
      subject: { reference: 'Patient/p1' },
      location: [{ location: { reference: `Location/${id}` } }],
    });
    await other.put([part('house'), part('ward', 'house'), part('bed', 'ward'), part('garden')]);
    await other.put(['house', 'ward', 'bed', 'garden'].map(stay));
    await other.grant('p1', 'Organization/hospital');
    expect((await other.ids(query)).sort()).toEqual(ids);
    await other.close();
  });

  test.each([
    'subject:below=Location/l,Patient/x',
    'subject:below=Patient/none',
    'specimen:above=http://x/y',
  ])('Observation?%s is refused, whatever there is', async (query) => {
    await expect(store.search(`Observation?${query}`)).rejects.toMatchObject({ status: 400 });
  });
}
