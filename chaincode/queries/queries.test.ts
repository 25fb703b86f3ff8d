import { create, entry, grant, permit, remove, shared, update } from '../testing/commands.ts';
import { network } from '../testing/network.ts';

const TO_DOCTOR = { 'Practitioner/2': permit('Practitioner/2', { sections: ['vitals', 'diagnosis'] }) };

test('QueryAsset answers to those who may read it', async () => {
  const { ledger, ...who } = await network();
  await ledger.submit(who.system, create(entry('Condition', 'c', '1')));
  await ledger.submit(who.patient, grant('g', '1', TO_DOCTOR));
  const query = { fn: 'QueryAsset', type: 'Condition', id: 'c' } as const;
  const seen = { kind: 'entry', type: 'Condition', id: 'c', patient: '1', version: 1 };
  expect(await ledger.query(who.patient, query)).toMatchObject(seen);
  expect(await ledger.query(who.doctor, query)).toMatchObject(seen);
  expect(await ledger.query(who.system, query)).toMatchObject(seen);
  expect(await ledger.query(who.doctor2, query)).toBe('NOT_GRANTED@0');
  expect(await ledger.query(who.lab, query)).toBe('NOT_GRANTED@0');
  expect(await ledger.query(who.hr, query)).toBe('FORBIDDEN@0');
  expect(await ledger.query(who.other, query)).toBe('FORBIDDEN@0');
  expect(await ledger.query(who.researcher, query)).toBe('FORBIDDEN@0');
  expect(await ledger.query(who.hr, { fn: 'QueryAsset', type: 'Patient', id: '1' })).toMatchObject({
    id: '1',
  });
  expect(await ledger.query(who.lab, { fn: 'QueryAsset', type: 'Practitioner', id: '2' })).toMatchObject({
    id: '2',
  });
  expect(await ledger.query(who.patient, { ...query, id: 'none' })).toBe('NOT_FOUND@0');
  await ledger.submit(who.system, remove('Condition', 'c'));
  expect(await ledger.query(who.patient, query)).toBe('NOT_FOUND@0');
});

test('AssetExists and QueryAllAssets don’t tell what the caller may not read from what isn’t there', async () => {
  const { ledger, doctor, patient, system } = await network();
  await ledger.submit(system, create(entry('Condition', 'c', '1'), entry('Flag', 'f', '1')));
  await ledger.submit(system, create(shared('attached', 'Binary', 'b')));
  await ledger.submit(patient, grant('g', '1', TO_DOCTOR));
  const entries = ['Condition/c', 'Flag/f', 'Binary/b', 'Patient/1', 'Flag/none'].map((reference) => {
    const [type = '', id = ''] = reference.split('/');
    return { type, id };
  });
  const ids = async (who: typeof doctor) =>
    ((await ledger.query(who, { fn: 'QueryAllAssets', entries })) as { id: string }[]).map(({ id }) => id);
  expect(await ids(doctor)).toEqual(['c', 'b']);
  expect(await ids(patient)).toEqual(['c', 'f', '1']);
  const exists = (type: string, id: string) => ledger.query(doctor, { fn: 'AssetExists', type, id });
  expect(await exists('Condition', 'c')).toBe(true);
  expect(await exists('Flag', 'f')).toBe(false);
  expect(await exists('Flag', 'none')).toBe(false);
});

test('GetAssetHistory shows a version only if that and the current one may be read', async () => {
  const { ledger, doctor, patient, system } = await network();
  const observation = (section: 'vitals' | 'symptoms') => entry('Observation', 'o', '1', { section });
  await ledger.submit(system, create(observation('symptoms')));
  await ledger.submit(system, update(observation('vitals')));
  await ledger.submit(patient, grant('g', '1', TO_DOCTOR));
  const history = { fn: 'GetAssetHistory', type: 'Observation', id: 'o' } as const;
  expect(await ledger.query(patient, history)).toMatchObject([{ version: 2 }, { version: 1 }]);
  expect(await ledger.query(doctor, history)).toMatchObject([{ version: 2, section: 'vitals' }]);
  await ledger.submit(system, update(observation('symptoms')));
  expect(await ledger.query(doctor, history)).toBe('NOT_GRANTED@0');
});

describe('CheckPermissions', () => {
  const ask = (grantee: string) => ({ fn: 'CheckPermissions', patient: '1', grantee }) as const;

  test('says what a grantee may do in each section', async () => {
    const { ledger, patient, doctor, lab, system } = await network();
    const both = ['access', 'correct'];
    await ledger.submit(
      patient,
      grant('g', '1', TO_DOCTOR),
      grant('l', '1', { 'Practitioner/8': permit('Practitioner/8', { sections: ['radio', 'diagnosis'] }) }),
      {
        fn: 'EditPrivacy',
        entry: entry('Consent', 'p', '1'),
        rule: { type: 'permit', sections: ['allergies'] },
      },
    );
    const doctors = { vitals: both, diagnosis: both, allergies: ['access'] };
    expect(await ledger.query(patient, ask('Practitioner/2'))).toEqual(doctors);
    expect(await ledger.query(doctor, ask('Practitioner/2'))).toEqual(doctors);
    const labs = { radio: both, diagnosis: ['access'], allergies: ['access'] };
    expect(await ledger.query(patient, ask('Practitioner/8'))).toEqual(labs);
    expect(await ledger.query(lab, ask('Practitioner/8'))).toEqual(labs);
    expect(await ledger.query(patient, ask('Practitioner/3'))).toEqual({ allergies: ['access'] });
    expect(await ledger.query(system, ask('Organization/5'))).toMatchObject({ radio: both, notes: both });
    expect(await ledger.query(patient, ask('Organization/7'))).toEqual({});
  });

  test('never says that a grantee reads the Consents: it sees those alone that name it', async () => {
    const { ledger, patient, doctor } = await network();
    await ledger.submit(patient, grant('g', '1', { 'Practitioner/2': permit('Practitioner/2') }));
    await ledger.submit(patient, grant('l', '1', { 'Practitioner/8': permit('Practitioner/8') }));
    expect(await ledger.query(patient, ask('Practitioner/2'))).toMatchObject({
      vitals: ['access', 'correct'],
    });
    for (const who of [patient, doctor])
      expect(await ledger.query(who, ask('Practitioner/2'))).not.toHaveProperty('consent');
    expect(await ledger.query(doctor, { fn: 'AssetExists', type: 'Consent', id: 'g' })).toBe(true);
    expect(await ledger.query(doctor, { fn: 'AssetExists', type: 'Consent', id: 'l' })).toBe(false);
  });

  test('answers to the patient and the grantee alone', async () => {
    const { ledger, doctor2, other, hr, labSystem, lab } = await network();
    for (const who of [doctor2, other, hr, labSystem, lab]) {
      expect(await ledger.query(who, ask('Practitioner/2'))).toBe('FORBIDDEN@0');
    }
  });
});

test.each([
  ['no query', {}],
  ['one that is no JSON', { query: Buffer.from('{') }],
  ['one of another function', { query: Buffer.from('{"fn":"AssetExists","type":"Patient","id":"1"}') }],
  [
    'one that asks for more',
    { query: Buffer.from('{"fn":"QueryAsset","type":"Patient","id":"1","all":true}') },
  ],
])('a call with %s is a bad request', async (_what, transient: Record<string, Uint8Array>) => {
  const { ledger, patient } = await network();
  expect((await ledger.invoke(patient, ['QueryAsset'], transient, false)).message).toBe('BAD_REQUEST@0');
});
