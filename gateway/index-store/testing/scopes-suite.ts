import { afterAll, beforeAll } from '@jest/globals';
import type { Resource } from '../../fhir/resource.ts';
import type { ScopeFilter, Visibility } from '../../consent/visibility.ts';
import { visibilityOf, type OpenStore, type TestStore } from './store.ts';

/** What tokens' scopes let through, on any engine. */
export function scopesSuite(open: OpenStore): void {
  let store: TestStore;

  const request = (of: string, medication: string): Resource => ({
    resourceType: 'MedicationRequest',
    id: `for-${of}`,
    status: 'active',
    intent: 'order',
    subject: { reference: `Patient/${of}` },
    medicationReference: { reference: `Medication/${medication}` },
  });
  const medication = (id: string, ...ingredients: string[]): Resource => ({
    resourceType: 'Medication',
    id,
    ingredient: ingredients.map((each) => ({ itemReference: { reference: `Medication/${each}` } })),
  });
  const ofPatient = (id: string): Resource[] => [
    { resourceType: 'Patient', id, name: [{ family: 'Name' }] },
    {
      resourceType: 'Observation',
      id: `o-${id}`,
      status: 'final',
      code: { text: 'x' },
      subject: { reference: `Patient/${id}` },
    },
  ];

  beforeAll(async () => {
    store = await open();
    for (const id of ['p1', 'p2']) await store.grant(id, 'Practitioner/doctor');
    await store.put([...ofPatient('p1'), ...ofPatient('p2')]);
    await store.put(
      [
        medication('m1', 'in1'),
        medication('in1'),
        medication('m2', 'in2'),
        medication('in2'),
        medication('unused'),
        request('p1', 'm1'),
        request('p2', 'm2'),
      ],
      { organisation: 'LabMSP' },
    );
  });
  afterAll(() => store.close());

  const scoped = (scopes: ScopeFilter[], includeScopes = scopes): Visibility => ({
    ...visibilityOf('doctor', {}, scopes),
    includeScopes,
  });
  const medications = async (visibility: Visibility): Promise<string[]> => {
    const found = (await store.ids('Medication', { visibility })).sort();
    const single: string[] = [];
    for (const id of ['in1', 'in2', 'm1', 'm2', 'unused']) {
      const stored = await store.reader.get('Medication', id);
      if (stored && (await store.reader.sees(visibility, stored))) single.push(id);
    }
    expect(found).toEqual(single);
    return found;
  };

  describe('a search whose token may search Patients and read Observations', () => {
    const visibility = scoped([{ type: 'Patient' }], [{ type: 'Observation' }]);

    test('finds no Observation, in a search of all types or of a compartment', async () => {
      expect((await store.ids('', { visibility })).sort()).toEqual(['p1', 'p2']);
      const compartment = { type: 'Patient', id: 'p1' } as const;
      expect(await store.ids('', { visibility, compartment })).toEqual(['p1']);
    });

    test('brings Observations along, and no Patient', async () => {
      const found = await store.search('Patient?_id=p1', { visibility, revinclude: ['Observation:patient'] });
      expect(found.included.map(({ id }) => id)).toEqual(['o-p1']);
      const turned = scoped([{ type: 'Observation' }], [{ type: 'Observation' }]);
      const back = await store.search('Observation', {
        visibility: turned,
        include: ['Observation:subject'],
      });
      expect([back.matches.length, back.included]).toEqual([2, []]);
    });

    test.each([
      'Patient?_has:Observation:patient:code:text=x',
      'Patient?link:Patient._has:Observation:patient:_id=x',
    ])('is refused %s, which would search them', async (query) => {
      await expect(store.search(query, { visibility })).rejects.toMatchObject({
        status: 403,
        issues: [{ detail: 'insufficient_scope' }],
      });
    });

    test('follows a chain as far as the types that it may search', async () => {
      expect(await store.ids('Patient?link.name=Name', { visibility })).toEqual([]);
      await expect(
        store.search('Observation?subject.name=Name', { visibility: scoped([{ type: 'Observation' }]) }),
      ).rejects.toMatchObject({ status: 403 });
      const both = scoped([{ type: 'Observation' }, { type: 'Patient', onlyPatient: 'p1' }]);
      expect(await store.ids('Observation?subject.name=Name', { visibility: both })).toEqual(['o-p1']);
    });
  });

  describe('what is attached', () => {
    const toFirst = { type: '*', onlyPatient: 'p1' };

    test('is reached by a confined scope through its own patient, whatever other scopes there are', async () => {
      expect(await medications(scoped([toFirst]))).toEqual(['in1', 'm1']);
      expect(await medications(scoped([toFirst, { type: 'Practitioner' }]))).toEqual(['in1', 'm1']);
      expect(await medications(scoped([toFirst, { type: 'Observation' }]))).toEqual(['in1', 'm1']);
      const along = await store.search('MedicationRequest', {
        visibility: scoped([{ type: 'MedicationRequest' }], [toFirst, { type: 'Practitioner' }]),
        include: ['MedicationRequest:medication'],
      });
      expect([along.matches.length, along.included.map(({ id }) => id)]).toEqual([2, ['m1']]);
    });

    test('is reached through every patient by a scope that is not confined and covers it', async () => {
      expect(await medications(scoped([toFirst, { type: 'Medication' }]))).toEqual([
        'in1',
        'in2',
        'm1',
        'm2',
      ]);
      const byCode = { type: 'Medication', query: [['_id', 'm2']] } as const;
      const found = await store.ids('Medication', { visibility: scoped([toFirst, byCode]) });
      expect(found.sort()).toEqual(['in1', 'm1', 'm2']);
    });

    test('of the own organisation is within a confined scope unless only another patient refers to it', async () => {
      const lab = (scopes: ScopeFilter[]): Visibility =>
        visibilityOf('doctor', { identity: { mspId: 'LabMSP', pseudonym: 'doctor' } }, scopes);
      expect(await medications(lab([toFirst]))).toEqual(['in1', 'm1', 'unused']);
      expect(await medications(lab([{ type: '*' }]))).toEqual(['in1', 'in2', 'm1', 'm2', 'unused']);
    });
  });
}
