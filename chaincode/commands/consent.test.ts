import { decodeValue } from '../api/index.ts';
import type { Command, EntryWrite, LedgerValue, Rule } from '../api/index.ts';
import { create, entry, grant, open, permit, remove, update } from '../testing/commands.ts';
import type { TestLedger } from '../testing/ledger.ts';
import { identity, network } from '../testing/network.ts';

const TO_DOCTOR = { 'Practitioner/2': permit('Practitioner/2') };
const consent = (id: string, more: Partial<EntryWrite> = {}) => entry('Consent', id, '1', more);
const revoke = (id: string): Command => ({ fn: 'RevokeAccess', entry: consent(id) });
const revokeRemoving = (id: string): Command => ({ fn: 'RevokeAccess', remove: { type: 'Consent', id } });
const condition = (id: string) => create(entry('Condition', id, '1'));
const values = ({ privateData }: TestLedger, kind: LedgerValue['kind']) =>
  [...privateData].filter(([key]) => key.startsWith(`${kind}/`)).map(([, bytes]) => decodeValue(bytes));
const privacy = (sections: Rule['sections'], more: Partial<Rule> = {}): Command => ({
  fn: 'EditPrivacy',
  entry: consent('p'),
  rule: { type: 'permit', ...(sections && { sections }), ...more },
});

describe('a grant', () => {
  test('opens the record to a doctor, and closes it at once when it is revoked', async () => {
    const { ledger, patient, doctor, doctor2 } = await network();
    expect(await ledger.submit(doctor, condition('a'))).toBe('NOT_GRANTED@0');
    expect(await ledger.submit(patient, grant('g', '1', TO_DOCTOR))).toBe('OK');
    expect(await ledger.submit(doctor, condition('a'))).toBe('OK');
    expect(await ledger.submit(doctor2, condition('b'))).toBe('NOT_GRANTED@0');
    expect(await ledger.submit(patient, revoke('g'))).toBe('OK');
    expect(await ledger.submit(doctor, condition('b'))).toBe('NOT_GRANTED@0');
  });

  test.each<[string, () => Command]>([
    ['a Consent that is deleted', () => remove('Consent', 'g')],
    ['RevokeAccess that removes it', () => revokeRemoving('g')],
    [
      'a Consent that now names another',
      () => grant('g', '1', { 'Practitioner/3': permit('Practitioner/3') }),
    ],
    [
      'a Consent that now says what is not private',
      () => ({ fn: 'EditPrivacy', entry: consent('g'), rule: { type: 'permit', sections: ['vitals'] } }),
    ],
  ])('ends with %s', async (_what, command) => {
    const { ledger, patient, doctor } = await network();
    await ledger.submit(patient, grant('g', '1', TO_DOCTOR));
    expect(await ledger.submit(patient, command())).toBe('OK');
    expect(await ledger.submit(doctor, condition('a'))).toBe('NOT_GRANTED@0');
    expect(
      values(ledger, 'grant').filter((each) => 'grantee' in each && each.grantee === 'Practitioner/2'),
    ).toEqual([]);
  });

  test('of one Consent outlives the end of another', async () => {
    const { ledger, patient, doctor } = await network();
    await ledger.submit(patient, grant('g', '1', TO_DOCTOR), grant('h', '1', TO_DOCTOR));
    await ledger.submit(patient, revoke('g'));
    expect(await ledger.submit(doctor, condition('a'))).toBe('OK');
  });

  test('to everyone denies even those who have one of their own', async () => {
    const { ledger, patient, doctor } = await network();
    await ledger.submit(patient, grant('g', '1', TO_DOCTOR));
    await ledger.submit(patient, grant('d', '1', { '*': { type: 'deny', sections: ['diagnosis'] } }));
    expect(await ledger.submit(doctor, condition('a'))).toBe('NOT_GRANTED@0');
    expect(await ledger.submit(doctor, create(entry('Flag', 'f', '1')))).toBe('OK');
  });

  test('is read by every write that needs it, so that a racing revocation makes it fail', async () => {
    const { ledger, patient, doctor } = await network();
    await ledger.submit(patient, grant('g', '1', TO_DOCTOR));
    const written = await ledger.commit(doctor, [condition('a')], 'atomic', false);
    const revoked = await ledger.commit(patient, [revoke('g')]);
    expect(written.reads.filter((key) => key.startsWith('grant/'))).toHaveLength(2);
    expect(revoked.deletes.filter((key) => key.startsWith('grant/'))).toHaveLength(1);
    expect(written.reads).toEqual(expect.arrayContaining(revoked.deletes));
  });

  test('or denial to everyone, the first and those after it, makes a racing write fail, too', async () => {
    const { ledger, patient, doctor } = await network();
    await ledger.submit(patient, grant('g', '1', TO_DOCTOR));
    for (const id of ['first', 'second']) {
      const written = await ledger.commit(doctor, [condition('a')], 'atomic', false);
      expect(written.status).toBe(200);
      const denial = { '*': { type: 'deny', sections: ['allergies'] } } as const;
      const denied = await ledger.commit(patient, [grant(id, '1', denial)]);
      const changed = [...denied.puts.keys()];
      expect(written.reads.filter((key) => changed.includes(key))).not.toEqual([]);
    }
  });

  test('is nobody’s to give but the patient’s', async () => {
    const { ledger, hr, system, doctor, lab, other, researcher } = await network();
    for (const who of [hr, system, doctor, lab, other, researcher]) {
      expect(await ledger.submit(who, grant('g', '1', TO_DOCTOR))).toBe('FORBIDDEN@0');
      expect(await ledger.submit(who, privacy(['vitals']))).toBe('FORBIDDEN@0');
      // What opened the record is in force, and the patient's to revoke.
      expect(await ledger.submit(who, revoke('first-1'))).toBe('FORBIDDEN@0');
      expect(await ledger.submit(who, revokeRemoving('first-1'))).toBe('FORBIDDEN@0');
      expect(await ledger.submit(who, remove('Consent', 'first-1'))).toBe('FORBIDDEN@0');
    }
  });

  test('never comes from a certificate that its organisation may not issue', async () => {
    const { ledger } = await network();
    const pretender = await identity('LabMSP', 'patient', 'pat');
    expect(await ledger.submit(pretender, grant('g', '1', TO_DOCTOR))).toBe('BAD_IDENTITY@0');
    const technician = await identity('LabMSP', 'patient', 'tech');
    expect(await ledger.submit(technician, grant('g', '1', TO_DOCTOR))).toBe('BAD_IDENTITY@0');
    const promoted = await identity('HospitalMSP', 'system', 'pat');
    expect(await ledger.submit(promoted, condition('a'))).toBe('BAD_IDENTITY@0');
  });

  test('is a Consent of that patient, in its place, and follows the version that it says', async () => {
    const { ledger, patient, other } = await network();
    const as = (more: Partial<EntryWrite>): Command => ({
      fn: 'GrantAccess',
      consent: { entry: consent('g', more), grants: TO_DOCTOR },
    });
    expect(await ledger.submit(patient, as({ type: 'Condition', section: 'diagnosis' }))).toBe(
      'BAD_SECTION@0',
    );
    expect(await ledger.submit(patient, as({ section: 'other' }))).toBe('BAD_SECTION@0');
    expect(await ledger.submit(patient, as({ patient: '9' }))).toBe('FORBIDDEN@0');
    expect(await ledger.submit(patient, as({ version: 1 }))).toBe('STALE@0');
    expect(await ledger.submit(patient, as({ version: 0 }))).toBe('OK');
    expect(await ledger.submit(patient, as({ version: 0 }))).toBe('EXISTS@0');
    const theirs: Command = {
      fn: 'GrantAccess',
      consent: { entry: entry('Consent', 'g', '9'), grants: TO_DOCTOR },
    };
    expect(await ledger.submit(other, theirs)).toBe('OWNER_CHANGED@0');
  });

  test('that opens a record is for the systems of the organisation that opens it alone', async () => {
    const { ledger, system, doctor } = await network();
    const opening = (grants: Record<string, Rule>): Command => ({
      ...open('30'),
      consent: { entry: entry('Consent', 'c30', '30'), grants },
    });
    expect(await ledger.submit(system, opening({ 'Practitioner/2': permit('Practitioner/2') }))).toBe(
      'FORBIDDEN@0',
    );
    expect(await ledger.submit(system, opening({ 'Organization/7': permit('Organization/7|CST') }))).toBe(
      'FORBIDDEN@0',
    );
    expect(await ledger.submit(system, opening({ 'Organization/5': permit('Organization/5|IRCP') }))).toBe(
      'FORBIDDEN@0',
    );
    expect(await ledger.submit(system, opening({ 'Organization/5': { type: 'permit' } }))).toBe(
      'BAD_REQUEST@0',
    );
    expect(await ledger.submit(system, opening({ '*': { type: 'deny', rules: [{ type: 'permit' }] } }))).toBe(
      'BAD_REQUEST@0',
    );
    expect(await ledger.submit(system, opening({ '*': permit('Organization/5|CST') }))).toBe('FORBIDDEN@0');
    expect(await ledger.submit(system, opening({}))).toBe('FORBIDDEN@0');
    expect(await ledger.submit(doctor, open('30', 'Organization/5'))).toBe('FORBIDDEN@0');
    expect(await ledger.submit(system, open('30', 'Organization/5'))).toBe('OK');
    expect(await ledger.submit(system, open('30', 'Organization/5'))).toBe('EXISTS@0');
    expect(await ledger.submit(system, create(entry('Flag', 'f', '30')))).toBe('OK');
    expect(await ledger.submit(doctor, create(entry('Flag', 'g', '30')))).toBe('NOT_GRANTED@0');
  });

  const people: Rule = { type: 'permit', actors: ['Organization/5|IRCP'] };
  const systems = permit('Organization/5|CST');
  test.each<[string, Record<string, Rule>, string]>([
    [
      'a denial that excepts its people',
      { 'Organization/5': { type: 'deny', rules: [people] } },
      'FORBIDDEN',
    ],
    ['a denial of its systems', { 'Organization/5': { ...systems, type: 'deny' } }, 'FORBIDDEN'],
    ['an exception that permits', { 'Organization/5': { ...systems, rules: [people] } }, 'FORBIDDEN'],
    [
      'an exception to an exception that permits',
      { 'Organization/5': { ...systems, rules: [{ type: 'deny', rules: [people] }] } },
      'FORBIDDEN',
    ],
    [
      'a second actor',
      {
        'Organization/5': permit('Organization/5|CST', { actors: ['Organization/5|CST', 'Organization/5'] }),
      },
      'FORBIDDEN',
    ],
    [
      'a second grantee',
      { 'Organization/5': systems, 'Practitioner/2': permit('Practitioner/2') },
      'FORBIDDEN',
    ],
    [
      'an exception that denies',
      { 'Organization/5': { ...systems, rules: [{ type: 'deny', sections: ['notes'] }] } },
      'OK',
    ],
  ])('that opens a record with %s opens it to nobody else', async (_what, grants, outcome) => {
    const { ledger, system, doctor } = await network();
    const command: Command = { ...open('30'), consent: { entry: entry('Consent', 'c30', '30'), grants } };
    expect(await ledger.submit(system, command)).toBe(outcome === 'OK' ? 'OK' : `${outcome}@0`);
    expect(await ledger.query(doctor, { fn: 'AssetExists', type: 'Patient', id: '30' })).toBe(false);
  });
});

test('a new record brings no Consent of another patient’s, and none that is there', async () => {
  const { ledger, system } = await network();
  const grants = { 'Organization/5': permit('Organization/5|CST') };
  const theirs: Command = { ...open('30'), consent: { entry: consent('new'), grants } };
  expect(await ledger.submit(system, theirs)).toBe('OWNER_CHANGED@0');
  const taken: Command = { ...open('30'), consent: { entry: entry('Consent', 'first-1', '30'), grants } };
  expect(await ledger.submit(system, taken)).toBe('EXISTS@0');
});

describe('who asks', () => {
  test('is answered by the patient, and can’t change what was answered', async () => {
    const { ledger, doctor, patient } = await network();
    expect(await ledger.submit(doctor, create(consent('ask')))).toBe('OK');
    expect(await ledger.submit(doctor, condition('a'))).toBe('NOT_GRANTED@0');
    expect(await ledger.submit(doctor, grant('ask', '1', TO_DOCTOR))).toBe('FORBIDDEN@0');
    expect(await ledger.submit(doctor, update(consent('ask')))).toBe('OK');
    expect(await ledger.submit(patient, grant('ask', '1', TO_DOCTOR, { version: 2 }))).toBe('OK');
    expect(await ledger.submit(doctor, condition('a'))).toBe('OK');
    for (const command of [
      update(consent('ask')),
      revoke('ask'),
      revokeRemoving('ask'),
      remove('Consent', 'ask'),
    ]) {
      expect(await ledger.submit(doctor, command)).toBe('FORBIDDEN@0');
    }
    expect(await ledger.submit(patient, revoke('ask'))).toBe('OK');
    expect(await ledger.submit(doctor, update(consent('ask')))).toBe('FORBIDDEN@0');
  });

  test('takes it back, and nobody else does', async () => {
    const { ledger, doctor, doctor2, lab } = await network();
    await ledger.submit(doctor, create(consent('a'), consent('b'), consent('c')));
    expect(await ledger.submit(doctor2, remove('Consent', 'a'))).toBe('FORBIDDEN@0');
    expect(await ledger.submit(lab, revoke('a'))).toBe('FORBIDDEN@0');
    expect(await ledger.submit(doctor, remove('Consent', 'a'))).toBe('OK');
    expect(await ledger.submit(doctor, revokeRemoving('b'))).toBe('OK');
    expect(await ledger.submit(doctor, revoke('c'))).toBe('OK');
    expect(await ledger.submit(doctor, revoke('nothing'))).toBe('NOT_FOUND@0');
  });
});

describe('what is not private', () => {
  test('is read without a grant by doctors and labs, and written by nobody', async () => {
    const { ledger, patient, system, doctor, lab, labSystem } = await network();
    await ledger.submit(system, create(entry('AllergyIntolerance', 'a', '1'), entry('Condition', 'c', '1')));
    expect(await ledger.submit(patient, privacy(['allergies']))).toBe('OK');
    const allergy = { fn: 'QueryAsset', type: 'AllergyIntolerance', id: 'a' } as const;
    expect(await ledger.query(doctor, allergy)).toMatchObject({ id: 'a', section: 'allergies' });
    expect(await ledger.query(lab, allergy)).toMatchObject({ id: 'a' });
    expect(await ledger.query(labSystem, allergy)).toBe('NOT_GRANTED@0');
    expect(await ledger.query(doctor, { ...allergy, type: 'Condition', id: 'c' })).toBe('NOT_GRANTED@0');
    expect(await ledger.submit(doctor, update(entry('AllergyIntolerance', 'a', '1')))).toBe('NOT_GRANTED@0');
    expect(await ledger.submit(patient, revoke('p'))).toBe('OK');
    expect(await ledger.query(doctor, allergy)).toBe('NOT_GRANTED@0');
    expect(values(ledger, 'privacy')).toEqual([]);
  });

  test.each<[string, Command]>([
    ['that denies', privacy(['vitals'], { type: 'deny' })],
    ['that names an actor', privacy(['vitals'], { actors: ['Practitioner/2'] })],
    ['of no section', privacy(undefined)],
  ])('is no rule %s', async (_what, command) => {
    const { ledger, patient } = await network();
    expect(await ledger.submit(patient, command)).toBe('BAD_REQUEST@0');
  });
});
