import { afterEach, beforeEach } from '@jest/globals';
import type { Rule } from '@fhir-fabric-gateway/chaincode/api';
import type { Resource } from '../../fhir/resource.ts';
import type { Visibility } from '../../consent/visibility.ts';
import { NOW, projection, visibilityOf, type OpenStore, type TestStore } from './store.ts';

/** Entries, rights, erasure and reading by key, on any engine. */
export function readerSuite(open: OpenStore): void {
  let store: TestStore;
  beforeEach(async () => {
    store = await open();
  });
  afterEach(() => store.close());

  const patient = (id: string): Resource => ({
    resourceType: 'Patient',
    id,
    name: [{ family: `Family${id}` }],
    identifier: [{ system: 'urn:mrn', value: `mrn-${id}` }],
  });
  const observation = (id: string, of: string, more: object = {}): Resource => ({
    resourceType: 'Observation',
    id,
    status: 'final',
    category: [
      {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' },
        ],
      },
    ],
    code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
    subject: { reference: `Patient/${of}` },
    effectiveDateTime: '2026-01-01',
    ...more,
  });

  const doctor = visibilityOf('doctor');
  const sees = async (visibility: Visibility, type: string, id: string): Promise<boolean> => {
    const stored = await store.reader.get(type, id);
    const single = stored !== undefined && (await store.reader.sees(visibility, stored));
    const found = await store.ids(`${type}?_id=${id}`, { visibility });
    expect([type, id, found.length > 0]).toEqual([type, id, single]);
    return single;
  };
  const grant = (of: string, rule: Rule, to = 'Practitioner/doctor') =>
    store.block((tx) => tx.putGrants(of, to, { c: { actors: [to], ...rule } }));

  test('what is stored is served byte for byte, with what is known about it', async () => {
    const resource = observation('o1', 'p1', { meta: { security: [{ system: 'urn:l', code: 'R' }] } });
    await store.put([resource], { author: { mspId: 'LabMSP', pseudonym: 'x' }, version: 3 });
    const stored = await store.reader.get('Observation', 'o1');
    expect(new TextDecoder().decode(stored?.content)).toBe(JSON.stringify(resource));
    expect(stored).toMatchObject({
      type: 'Observation',
      id: 'o1',
      version: 3,
      deleted: false,
      home: 'patient',
      patient: 'p1',
      organisation: 'HospitalMSP',
      author: { mspId: 'LabMSP', pseudonym: 'x' },
      lastUpdated: NOW,
      facets: [{ type: 'Observation', section: 'vitals', labels: ['urn:l|R'] }],
    });
  });

  test('an update replaces what is found, and the history keeps every version', async () => {
    await store.grant('p1', 'Practitioner/doctor');
    await store.put([observation('o1', 'p1')]);
    await store.put([observation('o1', 'p1', { status: 'amended' })], {
      version: 2,
      lastUpdated: NOW + 1000,
    });
    expect(await store.ids('Observation?status=final', { visibility: doctor })).toEqual([]);
    expect(await store.ids('Observation?status=amended', { visibility: doctor })).toEqual(['o1']);
    const history = await store.reader.history({ type: 'Observation', id: 'o1', count: 1 });
    expect([history.total, history.versions.map(({ version }) => version)]).toEqual([2, [2]]);
    const older = await store.reader.history({
      type: 'Observation',
      id: 'o1',
      count: 1,
      after: history.after ?? '',
    });
    expect(older.versions.map(({ version }) => version)).toEqual([1]);
    expect(older.after).toBeUndefined();
    const then = await store.reader.history({ type: 'Observation', id: 'o1', count: 10, at: NOW + 500 });
    expect(then.versions.map(({ version }) => version)).toEqual([1]);
    expect((await store.reader.getVersion('Observation', 'o1', 1))?.version).toBe(1);
  });

  test('a version is seen only if both it and the current one are', async () => {
    await grant('p1', { type: 'permit', rules: [{ type: 'deny', labels: ['urn:l|R'] }] });
    const secret = { meta: { security: [{ system: 'urn:l', code: 'R' }] } };
    await store.put([observation('opened', 'p1', secret), observation('closed', 'p1')]);
    await store.put([observation('opened', 'p1'), observation('closed', 'p1', secret)], { version: 2 });
    const version = async (id: string, number: number) => {
      const stored = await store.reader.getVersion('Observation', id, number);
      return stored !== undefined && store.reader.sees(doctor, stored);
    };
    expect([await version('opened', 1), await version('opened', 2)]).toEqual([false, true]);
    expect([await version('closed', 1), await version('closed', 2)]).toEqual([false, false]);
  });

  test('a deleted resource is found by no search, and its tombstone is seen by whoever saw its last version', async () => {
    await store.grant('p1', 'Practitioner/doctor');
    await store.put([observation('o1', 'p1')]);
    await store.block(async (tx, block) => {
      const { facets: _, ...rest } = projection(observation('o1', 'p1'), { block, version: 2 });
      await tx.putEntry({ ...rest, deleted: true, facets: [], indexed: [], content: new Uint8Array(0) });
    });
    const tombstone = await store.reader.get('Observation', 'o1');
    expect([tombstone?.deleted, tombstone?.content.length]).toEqual([true, 0]);
    expect(tombstone && (await store.reader.sees(doctor, tombstone))).toBe(true);
    expect(tombstone && (await store.reader.sees(visibilityOf('lab'), tombstone))).toBe(false);
    expect(await store.ids('Observation', { visibility: doctor })).toEqual([]);
  });

  test('a revoked doctor is refused, found nothing and told no total at the very next request', async () => {
    await store.put([patient('p1'), observation('o1', 'p1')]);
    await store.grant('p1', 'Practitioner/doctor');
    expect(await sees(doctor, 'Observation', 'o1')).toBe(true);
    await store.block((tx) => tx.putGrants('p1', 'Practitioner/doctor', {}));
    expect(await sees(doctor, 'Observation', 'o1')).toBe(false);
    expect((await store.search('Observation', { visibility: doctor })).total).toBe(0);
    expect((await store.reader.recordKeys('p1')).grantees).toEqual(['Practitioner/doctor']);
  });

  test('any permit in force opens the Patient itself, unless it is denied; what is not private does not', async () => {
    await store.put([patient('p1'), patient('p2'), patient('p3'), observation('o3', 'p3')]);
    await grant('p1', { type: 'permit', classes: ['Observation'] });
    await grant('p2', {
      type: 'permit',
      classes: ['Observation'],
      rules: [{ type: 'deny', sections: ['personal'] }],
    });
    await grant('p2', { type: 'deny', sections: ['personal'] }, '*');
    await store.block((tx) => tx.putPrivacy('p3', { c: { type: 'permit', sections: ['vitals'] } }));
    expect(await sees(doctor, 'Patient', 'p1')).toBe(true);
    expect(await sees(doctor, 'Patient', 'p2')).toBe(false);
    expect([await sees(doctor, 'Patient', 'p3'), await sees(doctor, 'Observation', 'o3')]).toEqual([
      false,
      true,
    ]);
    expect(await sees(visibilityOf('system'), 'Observation', 'o3')).toBe(false);
  });

  test('a chain, _has and an inclusion disclose nothing through what is not seen', async () => {
    await store.put([patient('p1'), observation('o1', 'p1')]);
    await store.block((tx) => tx.putPrivacy('p1', { c: { type: 'permit', sections: ['vitals'] } }));
    const look = { visibility: doctor };
    expect(await store.ids('Observation', look)).toEqual(['o1']);
    expect(await store.ids('Observation?subject:Patient.name=family', look)).toEqual([]);
    expect(
      (await store.search('Observation', { ...look, include: ['Observation:subject'] })).included,
    ).toEqual([]);
    await grant('p1', { type: 'permit', classes: ['Patient'] });
    await store.block((tx) => tx.putPrivacy('p1', {}));
    expect(await store.ids('Patient', look)).toEqual(['p1']);
    expect(await store.ids('Patient?_has:Observation:patient:code=8867-4', look)).toEqual([]);
    expect(
      (await store.search('Patient', { ...look, revinclude: ['Observation:patient'] })).included,
    ).toEqual([]);
  });

  test('a doctor of many patients finds those of all, however many Consents each has given', async () => {
    const ids = [...Array(90).keys()].map((at) => `p${at}`);
    await store.put(ids.map((id) => observation(`o-${id}`, id)));
    for (const id of ids.slice(0, 50)) {
      const consents = Object.fromEntries(
        [...Array(30).keys()].map((at) => [`c${at}`, { type: 'permit' } as const]),
      );
      await store.block((tx) => tx.putGrants(id, 'Practitioner/doctor', consents));
    }
    expect((await store.search('Observation', { visibility: doctor })).total).toBe(50);
    for (const id of ids.slice(50)) await store.grant(id, 'Organization/hospital');
    expect((await store.search('Observation', { visibility: doctor })).total).toBe(90);
  });

  test('an attached resource is seen with what its own organisation refers to it from, two links deep', async () => {
    const medication: Resource = {
      resourceType: 'Medication',
      id: 'm',
      ingredient: [{ itemReference: { reference: 'Medication/in' } }],
    };
    const request = (id: string, of: string): Resource => ({
      resourceType: 'MedicationRequest',
      id,
      status: 'active',
      intent: 'order',
      subject: { reference: `Patient/${of}` },
      medicationReference: { reference: 'Medication/m' },
    });
    await store.put([patient('p1'), medication, { resourceType: 'Medication', id: 'in' }], {
      organisation: 'LabMSP',
    });
    await store.grant('p1', 'Practitioner/doctor');
    await store.put([request('foreign', 'p1')]);
    expect(await sees(doctor, 'Medication', 'm')).toBe(false);
    await store.put([request('own', 'p1')], { organisation: 'LabMSP' });
    expect([await sees(doctor, 'Medication', 'm'), await sees(doctor, 'Medication', 'in')]).toEqual([
      true,
      true,
    ]);
    const own = visibilityOf('patient', { patient: 'p1' });
    expect([await sees(own, 'Medication', 'm'), await sees(own, 'Medication', 'in')]).toEqual([true, true]);
    expect(await sees(visibilityOf('patient', { patient: 'p2' }), 'Medication', 'm')).toBe(false);
    expect(await sees(visibilityOf('hr'), 'Medication', 'm')).toBe(false);
    await store.block((tx) => tx.purgeGrants('p1', 'Practitioner/doctor'));
    expect([await sees(doctor, 'Medication', 'm'), await sees(doctor, 'Medication', 'in')]).toEqual([
      false,
      false,
    ]);
  });

  test('HR reads the Patients of its own organisation and no medical section', async () => {
    await store.block(async (tx) => {
      await tx.putRecord({ patient: 'p1', home: 'HospitalMSP', status: 'open' });
      await tx.putRecord({ patient: 'p2', home: 'LabMSP', status: 'open' });
    });
    await store.put([patient('p1'), patient('p2'), observation('o1', 'p1')]);
    const hr = visibilityOf('hr');
    expect([
      await sees(hr, 'Patient', 'p1'),
      await sees(hr, 'Patient', 'p2'),
      await sees(hr, 'Observation', 'o1'),
    ]).toEqual([true, false, false]);
  });

  test('scopes narrow what is seen: type, patient, and what they search for', async () => {
    await store.put([
      patient('p1'),
      patient('p2'),
      observation('v1', 'p1'),
      observation('v2', 'p2'),
      observation('x1', 'p1', { category: [] }),
    ]);
    for (const each of ['p1', 'p2']) await store.grant(each, 'Practitioner/doctor');
    const scoped = (...scopes: Visibility['scopes'][number][]) => visibilityOf('doctor', {}, scopes);
    const all = async (visibility: Visibility) => (await store.ids('', { visibility })).sort();
    expect(await all(scoped({ type: 'Patient' }))).toEqual(['p1', 'p2']);
    expect(await all(scoped({ type: '*', onlyPatient: 'p1' }))).toEqual(['p1', 'v1', 'x1']);
    const vitals = { type: 'Observation', query: [['category', 'vital-signs']] } as const;
    expect(await all(scoped(vitals))).toEqual(['v1', 'v2']);
    expect(
      await all(scoped({ ...vitals, onlyPatient: 'p1' }, { type: 'Patient', onlyPatient: 'p2' })),
    ).toEqual(['p2', 'v1']);
    expect([
      await sees(scoped(vitals), 'Observation', 'v1'),
      await sees(scoped(vitals), 'Observation', 'x1'),
    ]).toEqual([true, false]);
    expect(await all(scoped())).toEqual([]);
  });

  test('what contradicts itself, and a record that is being erased, are served to nobody', async () => {
    await store.grant('p1', 'Practitioner/doctor');
    await store.put([patient('p1'), observation('bad', 'p1'), observation('o1', 'p1')]);
    await store.block((tx, block) =>
      tx.quarantine({ type: 'Observation', id: 'bad', version: 2, reason: 'r', block, txId: 't' }),
    );
    expect(await store.reader.get('Observation', 'bad')).toBeUndefined();
    expect(await store.ids('Observation', { visibility: doctor })).toEqual(['o1']);
    await store.block((tx) => tx.putRecord({ patient: 'p1', home: 'HospitalMSP', status: 'erasing' }));
    expect(await store.ids('', { visibility: doctor })).toEqual([]);
    expect(await store.reader.get('Patient', 'p1')).toBeUndefined();
    expect(await store.reader.history({ type: 'Observation', id: 'o1', count: 5 })).toEqual({
      versions: [],
      total: 0,
    });
  });

  test('erasure leaves nothing of the record in the file', async () => {
    await store.put([
      patient('p1'),
      observation('o1', 'p1', { valueString: 'SECRETVALUE' }),
      observation('o2', 'p1', { valueString: 'SECRETANSWER', code: { text: 'SECRETQUESTION' } }),
      patient('p2'),
    ]);
    await store.put([observation('o1', 'p1', { valueString: 'SECRETLATER' })], { version: 2 });
    await store.grant('p1', 'Practitioner/doctor');
    const { entries, grantees } = await store.reader.recordKeys('p1');
    expect(entries.sort((a, b) => a.id.localeCompare(b.id))).toEqual([
      { type: 'Observation', id: 'o1', versions: 2 },
      { type: 'Observation', id: 'o2', versions: 1 },
      { type: 'Patient', id: 'p1', versions: 1 },
    ]);
    await store.block(async (tx) => {
      await tx.putRecord({ patient: 'p1', home: 'HospitalMSP', status: 'erasing' });
      await tx.purgeEntries(entries);
      for (const grantee of grantees) await tx.purgeGrants('p1', grantee);
      await tx.putRecord({ patient: 'p1', home: 'HospitalMSP', status: 'erased' });
    });
    expect(await store.reader.recordKeys('p1')).toEqual({ entries: [], grantees: [] });
    expect(await store.reader.record('p1')).toEqual({ patient: 'p1', home: 'HospitalMSP', status: 'erased' });
    expect(await store.reader.patientsByIdentifier('urn:mrn', 'mrn-p2')).toEqual(['p2']);
    const left = await store.wholeText();
    for (const secret of ['SECRET', 'secret', 'mrn-p1', 'familyp1', 'Familyp1'])
      expect(left).not.toContain(secret);
    expect(left).toContain('mrn-p2');
  });

  test('nor of what it referred to, as an erasure goes: first closed, then purged', async () => {
    const performer = [{ reference: 'http://elsewhere.example/SECRETURL' }];
    await store.put([patient('p1'), observation('o1', 'p1', { performer })]);
    await store.put([observation('o2', 'p1', { performer: [{ reference: 'Practitioner/SECRETNAME' }] })]);
    await store.put([observation('o2', 'p1')], { version: 2 });
    await store.block((tx) => tx.putRecord({ patient: 'p1', home: 'HospitalMSP', status: 'erasing' }));
    const { entries } = await store.reader.recordKeys('p1');
    await store.block((tx) => tx.purgeEntries(entries));
    expect(await store.wholeText()).not.toContain('SECRET');
  });

  test('a grantee is known for as long as there is a key for them', async () => {
    await store.block((tx) => tx.putGrants('p1', 'Practitioner/d', {}));
    await store.put([observation('o1', 'p1', { performer: [{ reference: 'Practitioner/d' }] })]);
    await store.block((tx) => tx.purgeEntries([{ type: 'Observation', id: 'o1' }]));
    expect((await store.reader.recordKeys('p1')).grantees).toEqual(['Practitioner/d']);
  });

  test('what is purged and written again in one block is there', async () => {
    await store.put([observation('o1', 'p1')], { version: 3 });
    await store.put([observation('o2', 'p1', { hasMember: [{ reference: 'Observation/o1' }] })]);
    await store.block(async (tx, block) => {
      await tx.purgeEntries([{ type: 'Observation', id: 'o1' }]);
      await tx.putEntry(projection(observation('o1', 'p1'), { block }));
    });
    expect(await store.reader.get('Observation', 'o1')).toMatchObject({ version: 1 });
  });

  test('a document that referred to another server takes no code system with it', async () => {
    const query = 'Observation?code=http://loinc.org|8867-4';
    const visibility = visibilityOf('system');
    await store.grant('p1', 'Organization/hospital');
    const code = { coding: [{ system: 'http://loinc.org', code: '8867-4' }] };
    await store.put([observation('o1', 'p1', { code })]);
    const document = (id: string, reference: string): Resource => ({
      ...{ resourceType: 'DocumentReference', id, status: 'current' },
      subject: { reference: 'Patient/p1' },
      content: [{ attachment: { title: 't' } }],
      relatesTo: [{ code: 'replaces', target: { reference } }],
    });
    // As many other servers' documents as there are texts: names and texts are numbered apart.
    const ids = Array.from({ length: 40 }, (_, at) => `d${at}`);
    await store.put(ids.map((id) => document(id, `http://elsewhere.example/DocumentReference/${id}`)));
    await store.put(
      ids.map((id) => document(id, 'DocumentReference/d0')),
      { version: 2 },
    );
    expect(await store.ids(query, { visibility })).toEqual(['o1']);
  });

  test('what one resource no longer says, another is still found by', async () => {
    const said = {
      valueString: 'Positive',
      code: { coding: [{ system: 'urn:c', code: 'test' }], text: 'Test' },
    };
    await store.grant('p1', 'Organization/hospital');
    await store.put([observation('o1', 'p1', said), observation('o2', 'p1', said)]);
    await store.put([observation('o1', 'p1')], { version: 2 });
    for (const query of ['code-value-string=urn:c|test$positive', 'value-string=positive', 'code:text=test'])
      expect([
        query,
        await store.ids(`Observation?${query}`, { visibility: visibilityOf('system') }),
      ]).toEqual([query, ['o2']]);
  });

  test('a block that fails leaves no trace, and the next one goes on', async () => {
    await store.put([patient('p1')]);
    const failing = store.block(async (tx, block) => {
      await tx.putEntry(projection(patient('p9'), { block }));
      throw new Error('torn');
    });
    await expect(failing).rejects.toThrow('torn');
    expect(await store.reader.position()).toBe(0);
    expect(await store.reader.get('Patient', 'p9')).toBeUndefined();
    await store.put([patient('p9')]);
    expect((await store.reader.get('Patient', 'p9'))?.id).toBe('p9');
  });

  test('texts of any length and of any characters are stored and found', async () => {
    const random = (length: number): string =>
      Array.from({ length }, (_, at) => String.fromCodePoint(0x4e00 + ((at * 7919 + length) % 20_000))).join(
        '',
      );
    const texts = [
      random(300),
      random(401),
      random(5000),
      'a\0b',
      '\ud800 lone',
      '😀 and ￿',
      'a"b\\c{d},NULL',
      ' ',
    ];
    await store.grant('p1', 'Organization/hospital');
    await store.put(
      texts.map((text, at) =>
        observation(`o${at}`, 'p1', {
          code: { coding: [{ system: `urn:${text}`, code: text }], text },
          valueString: text,
          meta: { source: `urn:${text}` },
          performer: [{ reference: `http://elsewhere.example/${text}` }],
        }),
      ),
    );
    const escaped = (text: string): string => text.replace(/[\\$,|]/g, '\\$&');
    const found = async (name: string, value: string) =>
      (await store.search('Observation', { parameters: [[name, value]] })).matches.map(({ id }) => id);
    for (const [at, text] of texts.slice(0, -1).entries()) {
      const own = [`o${at}`];
      expect(await found('code', `${escaped(`urn:${text}`)}|${escaped(text)}`)).toEqual(own);
      expect(await found('value-string:exact', escaped(text))).toEqual(own);
      expect(await found('_source', escaped(`urn:${text}`))).toEqual(own);
    }
    await store.block(async (tx) => {
      await tx.purgeEntries([...texts.keys()].map((at) => ({ type: 'Observation', id: `o${at}` })));
    });
    expect(await found('code', escaped('a"b\\c{d},NULL'))).toEqual([]);
  });

  test('whoever waits for a block goes on once it is applied, or when they no longer want it', async () => {
    const enough = new AbortController();
    const waiting = [store.reader.waitFor(1), store.reader.waitFor(0)];
    const tired = store.reader.waitFor(99, enough.signal);
    enough.abort(new Error('enough'));
    await expect(tired).rejects.toThrow('enough');
    await store.put([patient('p1')]);
    await waiting[1];
    expect(await store.reader.position()).toBe(0);
    await store.put([patient('p2')]);
    await waiting[0];
    await expect(store.reader.waitFor(1, enough.signal)).rejects.toThrow('enough');
  });

  test('a purge, which names only a hash, finds its key again', async () => {
    await store.block((tx) => tx.rememberKey('h', 'entry/x', 'Patient/p1'));
    await store.block(async (tx) => {
      expect(await tx.keyOf('h')).toEqual({ key: 'entry/x', name: 'Patient/p1' });
      await tx.forgetKey('h');
      expect(await tx.keyOf('h')).toBeUndefined();
    });
  });

  test('a Consent is seen by those it names who have a permit, and always by its author', async () => {
    const consent: Resource = {
      resourceType: 'Consent',
      id: 'c',
      status: 'active',
      patient: { reference: 'Patient/p1' },
    };
    const put = (id: string, parties: string[], pseudonym: string) =>
      store.block((tx, block) =>
        tx.putEntry({
          ...projection({ ...consent, id }, { block, author: { mspId: 'HospitalMSP', pseudonym } }),
          parties,
        }),
      );
    await put('names', ['Practitioner/doctor'], 'writer');
    await put('others', ['Practitioner/other'], 'writer');
    await put('asked', [], 'doctor');
    expect((await store.ids('Consent', { visibility: doctor })).sort()).toEqual(['asked']);
    await grant('p1', { type: 'permit', sections: ['vitals'] });
    expect((await store.ids('Consent', { visibility: doctor })).sort()).toEqual(['asked', 'names']);
    expect(await sees(doctor, 'Consent', 'others')).toBe(false);
  });
}
