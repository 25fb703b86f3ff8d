import type { Asset, Command, Role } from '../api/index.ts';
import { assets, create, entry, grant, open, permit, remove, shared, update } from '../testing/commands.ts';
import { TestLedger } from '../testing/ledger.ts';
import { account, identity, network } from '../testing/network.ts';

const register = (...parameters: Parameters<typeof account>): Command => assets(account(...parameters));
const change = (asset: Asset): Command => ({ fn: 'UpdateAsset', asset });
const disable = (...parameters: Parameters<typeof account>): Command =>
  change({ ...account(...parameters), status: 'disabled' } as Asset);
const member = (mspId: string, organization: string, ...roles: Role[]): Asset => ({
  kind: 'organisation',
  mspId,
  organization,
  roles,
});

describe('the ledger is founded', () => {
  const hospital = member('HospitalMSP', 'Organization/5', 'hr', 'system', 'doctor');

  test('by HR or a system that names its own organisation', async () => {
    const ledger = new TestLedger();
    const doctor = await identity('HospitalMSP', 'doctor', 'd');
    const hr = await identity('HospitalMSP', 'hr', 'h');
    expect(await ledger.submit(doctor, assets(hospital))).toBe('BAD_IDENTITY@0');
    expect(await ledger.submit(hr, assets(member('LabMSP', 'Organization/7', 'hr')))).toBe('BAD_IDENTITY@0');
    expect(await ledger.submit(hr, assets(member('HospitalMSP', 'Organization/5', 'doctor')))).toBe(
      'BAD_IDENTITY@0',
    );
    expect(await ledger.submit(hr, assets(hospital, member('LabMSP', 'Organization/5', 'hr')))).toBe(
      'NOT_UNIQUE@0',
    );
    expect(ledger.privateData.size).toBe(0);
    expect(await ledger.submit(hr, assets(hospital), register('HospitalMSP', 'h', 'hr'))).toBe('OK');
    expect(ledger.privateData.get('secret')).toHaveLength(32);
  });

  test('once', async () => {
    const { ledger } = await network();
    const secret = ledger.privateData.get('secret');
    const stranger = await identity('RogueMSP', 'hr', 'r');
    expect(await ledger.submit(stranger, assets(member('RogueMSP', 'Organization/66', 'hr')))).toBe(
      'BAD_IDENTITY@0',
    );
    expect(ledger.privateData.get('secret')).toBe(secret);
  });
});

describe('organisations', () => {
  test('are brought in by the founder, who says what they may issue', async () => {
    const { ledger, hr, labHr, system } = await network();
    const clinic = member('ClinicMSP', 'Organization/8', 'hr');
    expect(await ledger.submit(labHr, assets(clinic))).toBe('FORBIDDEN@0');
    expect(await ledger.submit(labHr, change(clinic))).toBe('FORBIDDEN@0');
    expect(await ledger.submit(hr, assets(clinic))).toBe('OK');
    expect(await ledger.submit(hr, assets(clinic))).toBe('EXISTS@0');
    expect(await ledger.submit(hr, change(member('ClinicMSP', 'Organization/8', 'hr', 'doctor')))).toBe('OK');
    expect(await ledger.submit(system, change(member('HospitalMSP', 'Organization/5', 'hr', 'system')))).toBe(
      'OK',
    );
    const lab = member('LabMSP', 'Organization/7', 'lab', 'hr', 'system');
    expect(
      await ledger.submit(labHr, change({ ...lab, roles: ['lab', 'hr', 'system', 'patient'] } as Asset)),
    ).toBe('FORBIDDEN@0');
    expect(await ledger.submit(labHr, change({ ...lab, roles: ['lab', 'hr', 'hr'] } as Asset))).toBe(
      'FORBIDDEN@0',
    );
  });

  test('stand for one Organization, and nobody else for that', async () => {
    const { ledger, hr, labHr, labSystem, system } = await network();
    const lab = (organization: string) => change(member('LabMSP', organization, 'lab', 'hr', 'system'));
    expect(await ledger.submit(labHr, lab('Organization/5'))).toBe('NOT_UNIQUE@0');
    expect(await ledger.submit(system, create(shared('directory', 'Organization', '50')))).toBe('OK');
    expect(await ledger.submit(labHr, lab('Organization/50'))).toBe('FORBIDDEN@0');
    expect(await ledger.submit(hr, lab('Organization/70'))).toBe('FORBIDDEN@0');
    expect(await ledger.submit(labHr, lab('Practitioner/8'))).toBe('BAD_REQUEST@0');
    expect(await ledger.submit(labHr, lab('Organization/70'))).toBe('OK');
    expect(await ledger.submit(system, create(shared('directory', 'Organization', '70')))).toBe(
      'FORBIDDEN@0',
    );
    expect(await ledger.submit(labSystem, create(shared('directory', 'Organization', '70')))).toBe('OK');
  });

  test('never share a key with another by a name with a slash', async () => {
    const { ledger, hr, labHr } = await network();
    expect(await ledger.submit(hr, assets(member('Lab/MSP', 'Organization/9', 'hr')))).toBe('BAD_REQUEST@0');
    expect(await ledger.submit(hr, assets(member('*', 'Organization/9', 'hr')))).toBe('BAD_REQUEST@0');
    expect(await ledger.submit(labHr, register('LabMSP', 'a/b', 'hr'))).toBe('BAD_REQUEST@0');
  });
});

describe('accounts', () => {
  test('are made by the organisation’s HR and systems, for its own people, in roles it may issue', async () => {
    const { ledger, hr, system, doctor, labHr } = await network();
    expect(await ledger.submit(doctor, register('HospitalMSP', 'x', 'hr'))).toBe('FORBIDDEN@0');
    expect(await ledger.submit(labHr, register('HospitalMSP', 'x', 'hr'))).toBe('FORBIDDEN@0');
    expect(await ledger.submit(labHr, register('LabMSP', 'x', 'patient', 'Patient/1'))).toBe('FORBIDDEN@0');
    expect(await ledger.submit(hr, register('HospitalMSP', 'x', 'lab', 'Practitioner/2'))).toBe(
      'FORBIDDEN@0',
    );
    expect(await ledger.submit(hr, register('HospitalMSP', 'x', 'researcher'))).toBe('OK');
    expect(await ledger.submit(system, register('HospitalMSP', 'y', 'hr'))).toBe('OK');
    expect(await ledger.submit(hr, register('HospitalMSP', 'y', 'hr'))).toBe('EXISTS@0');
  });

  test.each<[Role, string | undefined]>([
    ['doctor', undefined],
    ['doctor', 'Patient/1'],
    ['doctor', 'Organization/7'],
    ['patient', undefined],
    ['patient', 'Practitioner/2'],
    ['system', 'Organization/7'],
    ['hr', 'Patient/1'],
  ])('of a %s are not for %s', async (role, fhirUser) => {
    const { ledger, hr } = await network();
    expect(await ledger.submit(hr, register('HospitalMSP', 'x', role, fhirUser))).toBe('BAD_REQUEST@0');
  });

  test('of a doctor or lab are for a Practitioner of the own directory', async () => {
    const { ledger, hr, system, labHr } = await network();
    const as = (fhirUser: string) => register('LabMSP', 'x', 'lab', fhirUser);
    expect(await ledger.submit(labHr, as('Practitioner/2'))).toBe('FORBIDDEN@0');
    expect(await ledger.submit(labHr, as('Practitioner/404'))).toBe('NOT_FOUND@0');
    expect(await ledger.submit(labHr, as('Practitioner/8'))).toBe('OK');
    await ledger.submit(system, remove('Practitioner', '3'));
    expect(await ledger.submit(hr, register('HospitalMSP', 'x', 'doctor', 'Practitioner/3'))).toBe(
      'NOT_FOUND@0',
    );
    // Nor does a system pass for somebody else's doctor.
    expect(await ledger.submit(labHr, register('LabMSP', 's', 'system', 'Practitioner/2'))).toBe(
      'FORBIDDEN@0',
    );
  });

  test('of a patient are one for a record, at its home', async () => {
    const { ledger, hr, patient } = await network();
    const second = await identity('HospitalMSP', 'patient', 'new');
    const claim = register('HospitalMSP', 'new', 'patient', 'Patient/1');
    const toDoctor = grant('g', '1', { 'Practitioner/2': permit('Practitioner/2') });
    expect(await ledger.submit(hr, register('HospitalMSP', 'new', 'patient', 'Patient/404'))).toBe(
      'NOT_FOUND@0',
    );
    expect(await ledger.submit(hr, claim)).toBe('EXISTS@0');
    expect(await ledger.submit(hr, disable('HospitalMSP', 'pat', 'patient', 'Patient/1'))).toBe('OK');
    expect(await ledger.submit(patient, toDoctor)).toBe('BAD_IDENTITY@0');
    expect(await ledger.submit(hr, claim)).toBe('OK');
    expect(await ledger.submit(second, toDoctor)).toBe('OK');
    expect(await ledger.submit(hr, change(account('HospitalMSP', 'pat', 'patient', 'Patient/1')))).toBe(
      'EXISTS@0',
    );
  });

  test('of a patient elsewhere than at the record’s home are none of its owner’s', async () => {
    const { ledger, hr, labHr } = await network();
    const lab = member('LabMSP', 'Organization/7', 'lab', 'hr', 'system', 'patient');
    expect(await ledger.submit(hr, change(lab))).toBe('OK');
    expect(await ledger.submit(labHr, register('LabMSP', 'pat', 'patient', 'Patient/1'))).toBe('FORBIDDEN@0');
  });

  test('of a patient give a record up when they turn to another', async () => {
    const { ledger, system, hr, patient } = await network();
    expect(await ledger.submit(system, open('40'))).toBe('OK');
    expect(await ledger.submit(hr, change(account('HospitalMSP', 'pat', 'patient', 'Patient/40')))).toBe(
      'OK',
    );
    expect(await ledger.submit(patient, update(entry('Patient', '40', '40')))).toBe('OK');
    expect(await ledger.submit(patient, update(entry('Patient', '1', '1')))).toBe('FORBIDDEN@0');
    expect(await ledger.submit(hr, register('HospitalMSP', 'new', 'patient', 'Patient/1'))).toBe('OK');
  });

  test('of another organisation with the same pseudonym are another identity', async () => {
    const { ledger, labHr, patient, system } = await network();
    await ledger.submit(labHr, register('LabMSP', 'sys', 'system'));
    await ledger.submit(patient, grant('g', '1', { 'Practitioner/2': permit('Practitioner/2') }));
    const namesake = await identity('LabMSP', 'system', 'sys');
    expect(await ledger.submit(namesake, create(entry('Flag', 'f', '1')))).toBe('NOT_GRANTED@0');
    expect(await ledger.submit(system, create(entry('Flag', 'f', '1')))).toBe('OK');
  });

  test('of HR and systems begin with themselves, once', async () => {
    const { ledger, hr } = await network();
    const fresh = await identity('HospitalMSP', 'hr', 'fresh');
    expect(await ledger.submit(fresh, register('HospitalMSP', 'someone', 'researcher'))).toBe(
      'BAD_IDENTITY@0',
    );
    expect(await ledger.submit(fresh, register('HospitalMSP', 'fresh', 'system'))).toBe('BAD_IDENTITY@0');
    expect(await ledger.submit(fresh, register('HospitalMSP', 'fresh', 'hr'))).toBe('OK');
    expect(await ledger.submit(hr, disable('HospitalMSP', 'fresh', 'hr'))).toBe('OK');
    expect(await ledger.submit(fresh, register('HospitalMSP', 'fresh', 'hr'))).toBe('BAD_IDENTITY@0');
    const doctor = await identity('HospitalMSP', 'doctor', 'self-made');
    expect(
      await ledger.submit(doctor, register('HospitalMSP', 'self-made', 'doctor', 'Practitioner/2')),
    ).toBe('FORBIDDEN@0');
  });
});

test('an anchor is public, written once, by the organisation it is of', async () => {
  const { ledger, labSystem, labHr, lab } = await network();
  const root = 'ab'.repeat(32);
  const anchor: Asset = { kind: 'anchor', number: 1, root };
  expect(await ledger.submit(lab, assets(anchor))).toBe('FORBIDDEN@0');
  expect(await ledger.submit(labSystem, assets(anchor))).toBe('OK');
  expect(Buffer.from(ledger.publicState.get('anchor/LabMSP/1') ?? []).toString()).toBe(root);
  expect(await ledger.submit(labHr, assets({ ...anchor, root: 'cd'.repeat(32) }))).toBe('EXISTS@0');
  expect(await ledger.submit(labHr, change(anchor))).toBe('FORBIDDEN@0');
});
