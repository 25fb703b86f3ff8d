import { decodeValue } from '../api/index.ts';
import type { Command } from '../api/index.ts';
import { create, entry, grant, open, permit, remove, update } from '../testing/commands.ts';
import { network } from '../testing/network.ts';

const erase = (step: 'begin' | 'purge' | 'finish', more: object = {}): Command => ({
  fn: 'DeleteAsset',
  erase: { patient: '1', step, ...more },
});
const all = {
  entries: [
    { type: 'Condition', id: 'c', versions: 2 },
    { type: 'Consent', id: 'first-1', versions: 1 },
    { type: 'Consent', id: 'g', versions: 1 },
    { type: 'Consent', id: 'p', versions: 1 },
  ],
  grantees: ['Practitioner/2', 'Organization/5'],
};

async function filled() {
  const net = await network();
  const { ledger, patient, system } = net;
  const before = new Set(ledger.privateData.keys());
  const outcomes = [
    await ledger.submit(
      patient,
      grant('g', '1', { 'Practitioner/2': permit('Practitioner/2'), '*': { type: 'deny', labels: ['x'] } }),
    ),
    await ledger.submit(patient, {
      fn: 'EditPrivacy',
      entry: entry('Consent', 'p', '1'),
      rule: { type: 'permit', sections: ['vitals'] },
    }),
    await ledger.submit(system, create(entry('Condition', 'c', '1', { unique: ['id|1'] }))),
    await ledger.submit(system, update(entry('Condition', 'c', '1'))),
  ];
  expect(outcomes).toEqual(['OK', 'OK', 'OK', 'OK']);
  return { ...net, before };
}

test('HR of its home erases a record: every key of it is gone but the record itself, which says no more than that', async () => {
  const { ledger, hr, before } = await filled();
  for (const command of [
    erase('begin'),
    erase('begin'),
    erase('purge', all),
    erase('purge', all),
    erase('finish'),
  ]) {
    expect(await ledger.submit(hr, command)).toBe('OK');
  }
  const mine = [...ledger.privateData]
    .filter(([key]) => key !== 'secret')
    .map(([, bytes]) => decodeValue(bytes))
    .filter((value) => 'patient' in value && value.patient === '1');
  expect(mine).toEqual([
    { kind: 'record', patient: '1', home: 'HospitalMSP', status: 'erased', created: ledger.now },
  ]);
  expect([...ledger.privateData.keys()].filter((key) => !before.has(key))).toEqual([]);
  expect(await ledger.submit(hr, erase('finish'))).toBe('OK');
  expect(await ledger.submit(hr, erase('begin'))).toBe('ERASED@0');
});

test('the account whose record was erased is closed, and no longer says whose it was', async () => {
  const { ledger, hr, patient, other } = await filled();
  const account = () =>
    [...ledger.privateData]
      .filter(([key]) => key.startsWith('identity/'))
      .map(([, bytes]) => decodeValue(bytes))
      .find((value) => value.kind === 'identity' && value.pseudonym === 'pat');
  await ledger.submit(hr, erase('begin'));
  expect(account()).toMatchObject({ status: 'active', fhirUser: 'Patient/1' });
  await ledger.submit(hr, erase('finish'));
  const closed = {
    kind: 'identity',
    mspId: 'HospitalMSP',
    pseudonym: 'pat',
    role: 'patient',
    status: 'disabled',
  };
  expect(account()).toEqual(closed);
  const any = { fn: 'AssetExists', type: 'Practitioner', id: '2' } as const;
  expect(await ledger.query(patient, any)).toBe('BAD_IDENTITY@0');
  expect(await ledger.query(other, any)).toBe(true);
});

test('the last step purges what it is told as well; the first takes no names', async () => {
  const { ledger, hr, before } = await filled();
  expect(await ledger.submit(hr, erase('begin', all))).toBe('BAD_REQUEST@0');
  expect(await ledger.submit(hr, erase('begin'))).toBe('OK');
  expect(await ledger.submit(hr, erase('finish', all))).toBe('OK');
  expect([...ledger.privateData.keys()].filter((key) => !before.has(key))).toEqual([]);
});

test('the last step finds the grants and Consents that lead to one another, though nobody named them', async () => {
  const { ledger, hr, patient } = await filled();
  await ledger.submit(
    patient,
    grant('h', '1', {
      'Practitioner/2': permit('Practitioner/2'),
      'Practitioner/8': permit('Practitioner/8'),
    }),
  );
  await ledger.submit(hr, erase('begin'));
  await ledger.submit(hr, erase('finish'));
  const left = [...ledger.privateData]
    .filter(([key]) => key !== 'secret')
    .map(([, bytes]) => decodeValue(bytes))
    .filter((value) => 'patient' in value && value.patient === '1')
    .map((value) => (value.kind === 'entry' ? `${value.type} ${String(value.version)}` : value.kind));
  expect(left.sort()).toEqual(['Condition 1', 'Condition 2', 'record']);
});

test('a write that raced the erasure fails: it read the record that changed', async () => {
  const { ledger, hr, system } = await filled();
  const racing = await ledger.commit(system, [create(entry('Condition', 'late', '1'))], 'atomic', false);
  const begun = await ledger.commit(hr, [erase('begin')]);
  expect(racing.reads).toEqual(expect.arrayContaining([...begun.puts.keys()]));
});

test('from its first step on nobody reads or writes the record, or opens it again', async () => {
  const { ledger, hr, system, patient, doctor } = await filled();
  await ledger.submit(doctor, create(entry('Consent', 'asked', '1')));
  await ledger.submit(hr, erase('begin'));
  expect(await ledger.submit(doctor, remove('Consent', 'asked'))).toBe('ERASED@0');
  expect(await ledger.submit(patient, remove('Consent', 'g'))).toBe('ERASED@0');
  expect(await ledger.submit(system, create(entry('Condition', 'late', '1')))).toBe('ERASED@0');
  expect(await ledger.submit(patient, grant('h', '1', { 'Practitioner/2': permit('Practitioner/2') }))).toBe(
    'ERASED@0',
  );
  expect(await ledger.query(doctor, { fn: 'QueryAsset', type: 'Condition', id: 'c' })).toBe('ERASED@0');
  await ledger.submit(hr, erase('finish'));
  expect(await ledger.submit(system, open('1'))).toBe('EXISTS@0');
  expect(await ledger.query(hr, { fn: 'AssetExists', type: 'Patient', id: '1' })).toBe(false);
});

test('nobody else erases, and not before it has begun', async () => {
  const { ledger, hr, system, labHr, labSystem, patient, doctor } = await filled();
  expect(await ledger.submit(hr, erase('purge', all))).toBe('FORBIDDEN@0');
  expect(await ledger.submit(hr, erase('finish'))).toBe('FORBIDDEN@0');
  for (const who of [system, labHr, labSystem, patient, doctor]) {
    expect(await ledger.submit(who, erase('begin'))).toBe('FORBIDDEN@0');
  }
  await ledger.submit(hr, erase('begin'));
  for (const who of [labHr, labSystem, patient, doctor]) {
    expect(await ledger.submit(who, erase('purge', all))).toBe('FORBIDDEN@0');
    expect(await ledger.submit(who, erase('finish'))).toBe('FORBIDDEN@0');
  }
  const nobody: Command = { fn: 'DeleteAsset', erase: { patient: 'nobody', step: 'begin' } };
  expect(await ledger.submit(hr, nobody)).toBe('NOT_FOUND@0');
  expect(await ledger.submit(hr, { fn: 'DeleteAsset' })).toBe('BAD_REQUEST@0');
});

test('another patient’s entry, or none’s, is not purged with it', async () => {
  const { ledger, hr, system } = await filled();
  await ledger.submit(system, create(entry('Condition', 'theirs', '9')));
  await ledger.submit(hr, erase('begin'));
  const naming = (type: string, id: string) => erase('purge', { entries: [{ type, id, versions: 1 }] });
  expect(await ledger.submit(hr, naming('Condition', 'theirs'))).toBe('FORBIDDEN@0');
  expect(await ledger.submit(hr, naming('Practitioner', '2'))).toBe('FORBIDDEN@0');
  expect(await ledger.submit(hr, naming('Condition', 'gone'))).toBe('OK');
  const endless = erase('purge', { entries: [{ type: 'Condition', id: 'gone', versions: 1e9 }] });
  expect(await ledger.submit(hr, endless)).toBe('BAD_REQUEST@0');
});

test('versions that an entry left behind are purged one by one, those of another patient never', async () => {
  const { ledger, hr, system } = await filled();
  await ledger.submit(system, create(entry('Condition', 'theirs', '9')));
  await ledger.submit(system, update(entry('Condition', 'theirs', '9')));
  for (const [key, bytes] of ledger.privateData) {
    const lost = key.startsWith('entry/') && decodeValue(bytes);
    if (lost && lost.kind === 'entry' && lost.type === 'Condition') ledger.privateData.delete(key);
  }
  await ledger.submit(hr, erase('begin'));
  const naming = (id: string) => erase('purge', { entries: [{ type: 'Condition', id, versions: 3 }] });
  expect(await ledger.submit(hr, naming('theirs'))).toBe('FORBIDDEN@0');
  const answer = await ledger.commit(hr, [naming('c')]);
  expect(answer.purges.map((key) => key.split('/')[0])).toEqual(['version']);
});

test.each(['hr', 'system', 'labHr', 'labSystem'] as const)(
  'a key that was left over is purged afterwards by %s, too',
  async (who) => {
    const net = await filled();
    const { ledger, hr, before } = net;
    await ledger.submit(hr, erase('begin'));
    await ledger.submit(hr, erase('finish'));
    expect([...ledger.privateData.keys()].filter((key) => !before.has(key))).not.toEqual([]);
    expect(await ledger.submit(net[who], erase('purge', all))).toBe('OK');
    expect([...ledger.privateData.keys()].filter((key) => !before.has(key))).toEqual([]);
  },
);

test('a key that was left over is purged afterwards by any member that still holds it', async () => {
  const { ledger, hr, labSystem, lab } = await filled();
  await ledger.submit(hr, erase('begin'));
  await ledger.submit(hr, erase('finish'));
  expect(await ledger.submit(lab, erase('purge', all))).toBe('FORBIDDEN@0');
  const answer = await ledger.commit(labSystem, [erase('purge', all)]);
  expect(answer.status).toBe(200);
  expect(answer.purges.map((key) => key.split('/')[0]).sort()).toEqual(['entry', 'unique', 'version']);
  expect(answer.puts.size).toBe(0);
});
