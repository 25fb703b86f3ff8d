import { afterAll, beforeAll } from '@jest/globals';
import type { Resource } from '../../fhir/resource.ts';
import { FhirError } from '../../fhir/errors.ts';
import { FHIR_BASE, type OpenStore, type TestStore } from './store.ts';

/** Every kind of parameter, sorting, paging and inclusions, on any engine. */
export function searchSuite(open: OpenStore): void {
  const LOINC = 'http://loinc.org';
  const observation = (id: string, code: string, date: string, more: object = {}): Resource => ({
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { coding: [{ system: LOINC, code, display: `Display of ${code}` }] },
    subject: { reference: 'Patient/p1' },
    effectiveDateTime: date,
    ...more,
  });

  let store: TestStore;

  beforeAll(async () => {
    store = await open();
    await store.put([
      {
        resourceType: 'Organization',
        id: 'hospital',
        name: 'Spital',
        partOf: { reference: 'Organization/group' },
      },
      { resourceType: 'Organization', id: 'group', name: 'Gruppe' },
      { resourceType: 'Practitioner', id: 'doctor', name: [{ family: 'Who' }] },
      {
        resourceType: 'Patient',
        id: 'p1',
        active: true,
        birthDate: '1980-02-03',
        gender: 'female',
        name: [{ family: 'Müller', given: ['Ana María'] }],
        identifier: [
          { system: 'urn:mrn', value: 'AB-1', type: { coding: [{ system: 'http://v2', code: 'MR' }] } },
        ],
        managingOrganization: { reference: 'Organization/hospital' },
        generalPractitioner: [{ reference: 'Practitioner/doctor' }],
      },
      {
        resourceType: 'Patient',
        id: 'p2',
        name: [{ family: 'Mulligan' }],
        birthDate: '1990',
        gender: 'male',
      },
      {
        resourceType: 'Encounter',
        id: 'e1',
        status: 'finished',
        class: { code: 'AMB' },
        subject: { reference: 'Patient/p1' },
        period: { start: '2020-01-01', end: '2020-03-31' },
      },
      observation('o1', '8480-6', '2020-01-10', {
        valueQuantity: { value: 120, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
        encounter: { reference: 'Encounter/e1' },
        meta: {
          tag: [{ system: 'urn:tag', code: 'red' }],
          security: [{ system: 'urn:sec', code: 'R' }],
          profile: ['http://profiles.example/a/bp'],
          source: 'urn:src:1',
        },
      }),
      observation('o2', '8480-6', '2020-02-10T10:00:00Z', {
        valueQuantity: { value: 140.5, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
        performer: [{ identifier: { system: 'urn:npi', value: '77' } }],
      }),
      observation('o3', '8867-4', '2021', { valueQuantity: { value: 70, unit: '/min' } }),
      observation('o4', '8867-4', '2021-06-01', {
        subject: { reference: 'Patient/p2' },
        status: 'preliminary',
      }),
      observation('o5', '72166-2', '2022-01-01', { valueString: 'Nunca fumó', code: { text: 'Tobacco' } }),
      {
        resourceType: 'Observation',
        id: 'bp',
        status: 'final',
        code: { coding: [{ system: LOINC, code: '85354-9' }] },
        subject: { reference: 'Patient/p1' },
        component: [
          { code: { coding: [{ system: LOINC, code: '8480-6' }] }, valueQuantity: { value: 110 } },
          { code: { coding: [{ system: LOINC, code: '8462-4' }] }, valueQuantity: { value: 90 } },
        ],
      },
      {
        resourceType: 'RiskAssessment',
        id: 'r1',
        status: 'final',
        subject: { reference: 'Patient/p1' },
        prediction: [{ probabilityDecimal: 0.02 }],
      },
      {
        resourceType: 'QuestionnaireResponse',
        id: 'q1',
        status: 'completed',
        subject: { reference: 'Patient/p1' },
        questionnaire: 'http://forms.example/phq9|2.0',
      },
    ]);
    await store.grant('p1', 'Organization/hospital');
    await store.grant('p2', 'Organization/hospital');
  });
  afterAll(() => store.close());

  test.each<[query: string, ids: string[]]>([
    ['Observation?code=8480-6', ['o1', 'o2']],
    [`Observation?code=${LOINC}|8480-6`, ['o1', 'o2']],
    ['Observation?code=|8480-6', []],
    ['Observation?code=http://snomed|8480-6', []],
    [`Observation?code=${LOINC}|`, ['bp', 'o1', 'o2', 'o3', 'o4']],
    ['Observation?code=8480-6,8867-4', ['o1', 'o2', 'o3', 'o4']],
    ['Observation?code=8480-6&date=2020-01', ['o1']],
    ['Observation?code:not=8480-6,8867-4', ['bp', 'o5']],
    ['Observation?code:text=display of 8480', ['o1', 'o2']],
    ['Observation?code:text=tobacco', ['o5']],
    ['Observation?status=PRELIMINARY', ['o4']],
    ['Observation?_id=o1,o3,nope', ['o1', 'o3']],
    ['Observation?_id=o1&code=8867-4', []],
    ['Observation?_tag=urn:tag|red', ['o1']],
    ['Observation?_security=R', ['o1']],
    ['Observation?_profile=http://profiles.example/a/bp', ['o1']],
    ['Observation?_profile:below=http://profiles.example/a', ['o1']],
    ['Observation?_source=urn:src:1', ['o1']],
    ['Observation?_lastUpdated=ge2026-06-01&code=8480-6', ['o1', 'o2']],
    ['Observation?_lastUpdated=lt2026-06-01', []],
    ['Observation?subject=Patient/p2', ['o4']],
    ['Observation?patient=p2', ['o4']],
    ['Observation?subject:Patient=p2', ['o4']],
    [`Observation?subject=${FHIR_BASE}/Patient/p2`, ['o4']],
    ['Observation?subject=Patient/p1,Patient/p2&code=8867-4', ['o3', 'o4']],
    ['Observation?encounter=e1', ['o1']],
    ['Observation?encounter:missing=true&code=8480-6', ['o2']],
    ['Observation?encounter:missing=false', ['o1']],
    ['Observation?performer:identifier=urn:npi|77', ['o2']],
    ['Observation?date=2020-02-10', ['o2']],
    ['Observation?date=gt2021', ['o5']],
    ['Observation?date=ge2021', ['o3', 'o4', 'o5']],
    ['Observation?date=lt2020-02', ['o1']],
    ['Observation?date=le2020', ['o1', 'o2']],
    ['Observation?date=sa2020-01-10', ['o2', 'o3', 'o4', 'o5']],
    ['Observation?date=eb2021-06', ['o1', 'o2']],
    ['Observation?date=ne2021&code=8867-4', []],
    ['Observation?date=ge2020-02&date=lt2021', ['o2']],
    ['Observation?date:missing=true', ['bp']],
    ['Encounter?date=2020', ['e1']],
    ['Encounter?date=2020-02', []],
    ['Encounter?date=ap2020-02', ['e1']],
    ['Encounter?date=ge2020-03-15', ['e1']],
    ['Observation?value-quantity=120', ['o1']],
    ['Observation?value-quantity=gt120', ['o2']],
    ['Observation?value-quantity=ge120', ['o1', 'o2']],
    ['Observation?value-quantity=lt100', ['o3']],
    ['Observation?value-quantity=140', []],
    ['Observation?value-quantity=140.5', ['o2']],
    ['Observation?value-quantity=ap130', ['o1', 'o2']],
    ['Observation?value-quantity=120|http://unitsofmeasure.org|mm[Hg]', ['o1']],
    ['Observation?value-quantity=120||mmHg', ['o1']],
    ['Observation?value-quantity=120||kg', []],
    ['Observation?value-string=nunca fumo', ['o5']],
    [`Observation?code-value-quantity=${LOINC}|8480-6$gt130`, ['o2']],
    ['Observation?component-code-value-quantity=8480-6$110', ['bp']],
    ['Observation?component-code-value-quantity=8480-6$90', []],
    ['RiskAssessment?probability=0.02', ['r1']],
    ['RiskAssessment?probability=gt0.02', []],
    ['Patient?name=mulL', ['p1', 'p2']],
    ['Patient?family=muller', ['p1']],
    ['Patient?family:exact=Muller', []],
    ['Patient?family:exact=Müller', ['p1']],
    ['Patient?family:contains=LLIG', ['p2']],
    ['Patient?given=ana maria', ['p1']],
    ['Patient?identifier=urn:mrn|AB-1', ['p1']],
    ['Patient?identifier=AB-1', ['p1']],
    ['Patient?identifier:of-type=http://v2|MR|AB-1', ['p1']],
    ['Patient?birthdate=1990', ['p2']],
    ['Patient?gender:not=male', ['p1']],
    ['Patient?general-practitioner.family=who', ['p1']],
    ['Observation?subject:Patient.family=muller&code=8480-6', ['o1', 'o2']],
    ['Observation?patient.identifier=urn:mrn|AB-1&code=8867-4', ['o3']],
    ['Observation?patient.organization.partof.name=gruppe&code=8867-4', ['o3']],
    ['Observation?encounter:Encounter.patient:Patient.name=müller', ['o1']],
    ['Patient?_has:Observation:patient:code=8867-4', ['p1', 'p2']],
    ['Patient?_has:Observation:patient:status=preliminary', ['p2']],
    ['Organization?_has:Patient:organization:_has:Observation:patient:code=8480-6', ['hospital']],
    ['QuestionnaireResponse?questionnaire=http://forms.example/phq9', ['q1']],
    ['QuestionnaireResponse?questionnaire=http://forms.example/phq9|3.0', []],
    ['Observation,Encounter?patient=p1&date=2020', ['e1', 'o1', 'o2']],
  ])('%s finds %j', async (query, expected) => {
    const result = await store.search(query);
    expect(result.matches.map(({ id }) => id).sort()).toEqual(expected);
    expect(result.total).toBe(expected.length);
  });

  test.each<[sort: string, ids: string[]]>([
    ['date', ['o1', 'o2', 'o3', 'o4', 'o5', 'bp']],
    ['-date', ['o5', 'o4', 'o3', 'o2', 'o1', 'bp']],
    ['_id', ['bp', 'o1', 'o2', 'o3', 'o4', 'o5']],
    ['-_id', ['o5', 'o4', 'o3', 'o2', 'o1', 'bp']],
    ['status,-date', ['o5', 'o3', 'o2', 'o1', 'bp', 'o4']],
    ['code,-_id', ['o5', 'o2', 'o1', 'bp', 'o4', 'o3'].slice(1).concat('o5')],
  ])('_sort=%s, whatever the page size', async (text, expected) => {
    const sort = text
      .split(',')
      .map((key) => ({ code: key.replace(/^-/, ''), descending: key.startsWith('-') }));
    for (const count of [1, 2, 4, 50]) {
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await store.search('Observation', { sort, count, ...(after && { after }) });
        expect(page.total).toBe(6);
        expect(page.matches.length).toBeLessThanOrEqual(count);
        seen.push(...page.matches.map(({ id }) => id));
        after = page.after;
      } while (after !== undefined);
      expect(seen).toEqual(expected);
    }
  });

  test('pages stay as they were while others write', async () => {
    const own = await open();
    try {
      await own.grant('p1', 'Organization/hospital');
      await own.put(['a', 'b', 'c', 'd'].map((id) => observation(id, '1-1', '2020')));
      const first = await own.search('Observation?code=1-1', { count: 2 });
      expect(first.matches.map(({ id }) => id)).toEqual(['a', 'b']);
      await own.put([observation('e', '1-1', '2020'), observation('0', '1-1', '2019')]);
      await own.put([observation('c', '1-1', '2020-05')], { version: 2 });
      const second = await own.search('Observation?code=1-1', { count: 2, after: first.after ?? '' });
      expect(second.matches.map(({ id, version }) => `${id}/${version}`)).toEqual(['c/2', 'd/1']);
      expect(second.after).toBeUndefined();
      expect(second.total).toBe(4);
    } finally {
      await own.close();
    }
  });

  test('_include, _revinclude and :iterate bring each resource once', async () => {
    const result = await store.search('Observation?_id=o1', {
      include: ['Observation:subject', 'Observation:encounter'],
      includeIterate: ['Patient:organization', 'Organization:partof'],
    });
    expect(result.included.map(({ id }) => id).sort()).toEqual(['e1', 'group', 'hospital', 'p1']);
    const back = await store.search('Patient?_id=p1', { revinclude: ['Observation:patient', 'Encounter:*'] });
    expect(back.included.map(({ id }) => id).sort()).toEqual(['bp', 'e1', 'o1', 'o2', 'o3', 'o5']);
    const narrowed = await store.search('Observation?_id=o1', { include: ['Observation:subject:Group'] });
    expect(narrowed.included).toEqual([]);
    const everything = await store.search('Observation?_id=o1', { include: ['*'] });
    expect(everything.included.map(({ id }) => id).sort()).toEqual(['e1', 'p1']);
  });

  test('a compartment holds one patient', async () => {
    const compartment = { type: 'Patient', id: 'p2' } as const;
    expect(await store.ids('Observation?code=8867-4', { compartment })).toEqual(['o4']);
    expect((await store.ids('', { compartment })).sort()).toEqual(['o4', 'p2']);
  });

  test.each<[query: string, expression: string]>([
    ['Observation?colour=red', 'http.colour'],
    ['Observation?code:below=1', 'http.code:below'],
    ['Observation?code.name=1', 'http.code.name'],
    ['Observation?subject:Patient.colour=1', 'http.subject:Patient.colour'],
    ['Observation?_has:Nothing:patient:code=1', 'http._has:Nothing:patient:code'],
    ['Observation?date=yesterday', 'http.date'],
    ['Observation?value-quantity=much', 'http.value-quantity'],
    ['Observation?code=a|b|c', 'http.code'],
    ['Observation?code-value-quantity=1', 'http.code-value-quantity'],
    ['Observation?encounter:missing=perhaps', 'http.encounter:missing'],
    ['Observation?_filter=x', 'http._filter'],
  ])('%s is refused, naming %s', async (query, expression) => {
    const refusal = await store.search(query).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(FhirError);
    expect(refusal).toMatchObject({ status: 400, issues: [{ expression: [expression] }] });
  });

  test('lenient handling leaves out what is unknown and says so, but not what is malformed', async () => {
    const result = await store.search('Observation?colour=red&code=8867-4', {
      lenient: true,
      sort: [{ code: 'colour', descending: false }],
    });
    expect(result.ignored).toEqual(['colour', '_sort']);
    expect(result.used).toEqual([['code', '8867-4']]);
    expect(result.total).toBe(2);
    await expect(store.search('Observation?date=never', { lenient: true })).rejects.toMatchObject({
      status: 400,
    });
  });

  test('an inclusion that does not exist is refused, and left out under lenient handling', async () => {
    const include = ['Observation:colour', 'Observation:subject'];
    await expect(store.search('Observation?_id=o1', { include })).rejects.toMatchObject({ status: 400 });
    const result = await store.search('Observation?_id=o1', { include, lenient: true });
    expect([result.ignored, result.included.map(({ id }) => id)]).toEqual([['_include'], ['p1']]);
  });

  test('a page link of another search, or none of ours, is refused', async () => {
    await expect(store.search('Observation', { after: 'bm8' })).rejects.toMatchObject({ status: 400 });
    const { after } = await store.search('Observation', { count: 1 });
    await expect(
      store.search('Observation', { after: after ?? '', sort: [{ code: 'date', descending: false }] }),
    ).rejects.toMatchObject({ status: 400 });
  });
}
