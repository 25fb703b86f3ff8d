import { ROLES, SECTIONS, typeRow } from '../api/index.ts';
import type { EntryValue, Home, Role, Rule, Section } from '../api/index.ts';
import { callers, everything, record, writtenAt } from '../testing/actors.ts';
import type { Caller } from './caller.ts';
import { mayWrite } from './writing.ts';
import type { WriteRequest } from './writing.ts';

type Act = WriteRequest['act'];

function write(caller: Caller, act: Act, entry: EntryValue, rules: Rule[], more: Partial<WriteRequest> = {}) {
  const old = act === 'create' ? undefined : entry;
  const next = act === 'delete' ? undefined : entry;
  return mayWrite({ caller, act, record, old, next, rules, purpose: 'TREAT', now: 1000, ...more });
}

/** `.` never, `G` with a grant, `+` without one. */
const MATRIX = `
type               section    act    patient doctor lab hr system researcher
Patient            personal   create .       .      .   .  .      .
Patient            personal   update +       .      .   .  G      .
Patient            personal   delete .       .      .   .  .      .
RelatedPerson      personal   create .       .      .   .  G      .
RelatedPerson      personal   update .       .      .   .  G      .
RelatedPerson      personal   delete .       .      .   .  G      .
Consent            consent    create +       +      +   .  +      .
Consent            consent    update +       .      .   .  .      .
Consent            consent    delete +       .      .   .  .      .
Observation        bloodGroup *      .       G      G   .  G      .
DiagnosticReport   report     *      .       G      G   .  G      .
Specimen           report     *      .       G      G   .  G      .
ImagingStudy       radio      *      .       G      G   .  G      .
Media              radio      *      .       G      G   .  G      .
Observation        vitals     *      .       G      .   .  G      .
Observation        symptoms   *      .       G      .   .  G      .
AllergyIntolerance allergies  *      .       G      .   .  G      .
Condition          diagnosis  *      .       G      .   .  G      .
MedicationRequest  treatment  *      .       G      .   .  G      .
Encounter          visits     *      .       G      .   .  G      .
ServiceRequest     orders     *      .       G      .   .  G      .
Task               orders     create +       G      G   .  G      .
Task               orders     update .       G      G   .  G      .
Task               orders     delete .       G      G   .  G      .
Communication      orders     create +       G      .   .  G      .
Communication      orders     update .       G      .   .  G      .
Communication      orders     delete .       G      .   .  G      .
DocumentReference  notes      *      .       G      .   .  G      .
DiagnosticReport   notes      *      .       G      .   .  G      .
Claim              financial  *      .       G      .   .  G      .
Flag               other      *      .       G      .   .  G      .
Observation        other      *      .       G      .   .  G      .
AuditEvent         other      *      .       .      .   .  .      .
`;

const ACTS: readonly Act[] = ['create', 'update', 'delete'];
const isSection = (name: string | undefined): name is Section =>
  (SECTIONS as readonly string[]).includes(name ?? '');

const cells = MATRIX.trim()
  .split('\n')
  .slice(1)
  .flatMap((line) => {
    const [type = '', section, acts, ...marks] = line.split(/\s+/);
    if (!isSection(section)) throw new Error(line);
    return ACTS.filter((act) => acts === '*' || acts === act).flatMap((act) =>
      [...['patient', 'doctor', 'lab', 'hr', 'system', 'researcher'].entries()].map(([column, role]) => ({
        role: ROLES.find((known) => known === role) ?? 'researcher',
        act,
        type,
        section,
        mark: marks[column] ?? '?',
      })),
    );
  });

describe('what each role may write in a record', () => {
  test('the table has every section', () => {
    expect(new Set(cells.map(({ section }) => section))).toEqual(new Set(SECTIONS));
    for (const { type, section } of cells) expect(typeRow(type)?.sections).toContain(section);
  });

  test.each(cells)('$role: $act $type in $section ($mark)', ({ role, act, type, section, mark }) => {
    const caller = callers[role];
    const entry = writtenAt(caller, type, section);
    const granted = { '.': 'FORBIDDEN', G: 'OK', '+': 'OK' }[mark];
    const ungranted = { '.': 'FORBIDDEN', G: 'NOT_GRANTED', '+': 'OK' }[mark];
    expect(write(caller, act, entry, [everything(caller)])).toBe(granted);
    expect(write(caller, act, entry, [])).toBe(ungranted);
    // A grant for somebody else is none.
    expect(write(caller, act, entry, [{ type: 'permit', actors: ['Practitioner/99'] }])).toBe(ungranted);
  });

  test.each(cells.filter(({ mark }) => mark === 'G'))(
    '$role: $act $type in $section, by what the grant says',
    ({ role, act, type, section }) => {
      const caller = callers[role];
      const entry = writtenAt(caller, type, section, { labels: ['s|R'] });
      const under = (...rules: Rule[]) => write(caller, act, entry, rules);
      const permit = everything(caller);
      expect(under({ ...permit, sections: [section] })).toBe('OK');
      expect(under({ ...permit, sections: SECTIONS.filter((other) => other !== section) })).toBe(
        'NOT_GRANTED',
      );
      expect(under({ ...permit, classes: [type] })).toBe('OK');
      expect(under({ ...permit, classes: ['Basic'] })).toBe('NOT_GRANTED');
      expect(under({ ...permit, actions: ['correct'] })).toBe('OK');
      expect(under({ ...permit, actions: ['access'] })).toBe('NOT_GRANTED');
      expect(under({ ...permit, labels: ['s|R'] })).toBe('OK');
      expect(under({ ...permit, labels: ['s|V'] })).toBe('NOT_GRANTED');
      expect(under({ ...permit, purposes: ['ETREAT'] })).toBe('NOT_GRANTED');
      expect(under({ ...permit, period: [0, 1000] })).toBe('OK');
      expect(under({ ...permit, period: [0, 999] })).toBe('NOT_GRANTED');
      expect(under({ ...permit, dataPeriod: [0, 1] })).toBe('OK');
      expect(under({ ...permit, rules: [{ type: 'deny', sections: [section] }] })).toBe('NOT_GRANTED');
      expect(under(permit, { type: 'deny' })).toBe('NOT_GRANTED');
      expect(under(permit, { type: 'deny', labels: ['s|R'] })).toBe('NOT_GRANTED');
      const people = under({ type: 'permit', actors: [`${caller.organization}|IRCP`] });
      const systems = under({ type: 'permit', actors: [`${caller.organization}|CST`] });
      expect([people, systems]).toEqual(['OK', role === 'system' ? 'OK' : 'NOT_GRANTED']);
    },
  );

  test.each(cells)('$role: $act $type in $section of a record that is going or not there', (cell) => {
    const caller = callers[cell.role];
    const entry = writtenAt(caller, cell.type, cell.section);
    const inState = (state: WriteRequest['record']) =>
      write(caller, cell.act, entry, [everything(caller)], { record: state });
    const never = cell.role === 'hr' || cell.role === 'researcher';
    expect(inState(undefined)).toBe(never ? 'FORBIDDEN' : 'NOT_FOUND');
    expect(inState({ ...record, status: 'erasing' })).toBe(never ? 'FORBIDDEN' : 'ERASED');
    expect(inState({ ...record, status: 'erased' })).toBe(never ? 'FORBIDDEN' : 'ERASED');
  });
});

describe('staff', () => {
  const { doctor, lab, system } = callers;

  test.each([doctor, lab, system])('$role deletes only what the own organisation wrote', (caller) => {
    const entry = writtenAt(caller, 'ImagingStudy', 'radio', { organisation: 'ThirdMSP' });
    expect(write(caller, 'update', entry, [everything(caller)])).toBe('OK');
    expect(write(caller, 'delete', entry, [everything(caller)])).toBe('FORBIDDEN');
  });

  test.each([doctor, lab, system])(
    '$role changes and withdraws what was asked, until it was in force',
    (caller) => {
      const asked = writtenAt(caller, 'Consent', 'consent', { author: caller });
      expect(write(caller, 'update', asked, [])).toBe('OK');
      expect(write(caller, 'delete', asked, [])).toBe('OK');
      for (const state of [{ grantees: ['Practitioner/2'] }, { privacy: true as const }, { grantees: [] }]) {
        expect(write(caller, 'update', { ...asked, ...state }, [everything(caller)])).toBe('FORBIDDEN');
        expect(write(caller, 'delete', { ...asked, ...state }, [everything(caller)])).toBe('FORBIDDEN');
      }
      const elsewhere = { ...asked, author: { mspId: 'ThirdMSP', pseudonym: caller.pseudonym } };
      expect(write(caller, 'update', elsewhere, [everything(caller)])).toBe('FORBIDDEN');
    },
  );

  test('needs the grant for the section that was and for the one that is to be', () => {
    const old = writtenAt(doctor, 'Observation', 'symptoms');
    const next = { ...old, section: 'vitals' as const };
    const permit = everything(doctor);
    const move = (sections: Section[]) => write(doctor, 'update', old, [{ ...permit, sections }], { next });
    expect(move(['vitals'])).toBe('NOT_GRANTED');
    expect(move(['symptoms'])).toBe('NOT_GRANTED');
    expect(move(['symptoms', 'vitals'])).toBe('OK');
  });

  test('of a lab can’t lead an entry into or out of its sections', () => {
    const report = writtenAt(lab, 'DiagnosticReport', 'report');
    const note = { ...report, section: 'notes' as const };
    expect(write(lab, 'update', report, [everything(lab)], { next: note })).toBe('FORBIDDEN');
    expect(write(lab, 'update', note, [everything(lab)], { next: report })).toBe('FORBIDDEN');
  });

  test('can’t take a label off that the grant doesn’t cover', () => {
    const old = writtenAt(doctor, 'Condition', 'diagnosis', { labels: ['s|V'] });
    const { labels: _labels, ...next } = old;
    const rules: Rule[] = [everything(doctor), { type: 'deny', labels: ['s|V'] }];
    expect(write(doctor, 'update', old, rules, { next })).toBe('NOT_GRANTED');
  });

  test('of another organisation than the record’s home never writes the Patient', () => {
    const elsewhere = { ...system, mspId: 'LabMSP', organization: 'Organization/7' };
    for (const type of ['Patient', 'RelatedPerson']) {
      const entry = writtenAt(system, type, 'personal');
      expect(write(elsewhere, 'update', entry, [everything(elsewhere)])).toBe('FORBIDDEN');
    }
  });

  test('learns nothing of an entry that it may not touch, and moves none', () => {
    const old = writtenAt(doctor, 'Condition', 'diagnosis');
    const next = { ...old, patient: '9' };
    expect(write(doctor, 'update', old, [], { next })).toBe('NOT_GRANTED');
    expect(write(doctor, 'update', old, [everything(doctor)], { next })).toBe('OWNER_CHANGED');
    const attached = { type: 'Condition', id: 'x', home: 'attached' as const };
    expect(write(doctor, 'update', old, [everything(doctor)], { next: attached })).toBe('OWNER_CHANGED');
  });
});

describe('a patient', () => {
  const { patient } = callers;

  test.each(['Task', 'Communication'])('changes the own %s until somebody else wrote to it', (type) => {
    const own = writtenAt(patient, type, 'orders', { author: patient });
    for (const act of ['update', 'delete'] as const) {
      expect(write(patient, act, own, [])).toBe('OK');
      expect(write(patient, act, { ...own, author: callers.doctor }, [])).toBe('FORBIDDEN');
      expect(write(patient, act, { ...own, author: { ...patient, mspId: 'LabMSP' } }, [])).toBe('FORBIDDEN');
    }
  });

  test('changes a Consent in force only by granting, revoking or editing privacy', () => {
    const consent = writtenAt(patient, 'Consent', 'consent', { author: patient });
    expect(write(patient, 'update', { ...consent, grantees: ['Practitioner/2'] }, [])).toBe('FORBIDDEN');
    expect(write(patient, 'update', { ...consent, privacy: true }, [])).toBe('FORBIDDEN');
  });

  test.each<[string, Partial<Caller>]>([
    ['with the same pseudonym at another organisation', { mspId: 'LabMSP' }],
    ['with another pseudonym', { pseudonym: 'pat2' }],
    ['that is another Patient', { fhirUser: 'Patient/9' }],
    ['that is no Patient', { fhirUser: 'Practitioner/1' }],
  ])('%s writes nothing', (_who, difference) => {
    const someone = { ...patient, ...difference };
    expect(write(someone, 'update', writtenAt(patient, 'Patient', 'personal'), [])).toBe('FORBIDDEN');
    expect(write(someone, 'create', writtenAt(patient, 'Consent', 'consent'), [])).toBe('FORBIDDEN');
    const { owner: _owner, ...unowned } = record;
    const consent = writtenAt(patient, 'Consent', 'consent');
    expect(write(patient, 'create', consent, [], { record: unowned })).toBe('FORBIDDEN');
  });
});

describe('what belongs to an organisation', () => {
  const SHARED: [Home, string, Role[]][] = [
    ['directory', 'Practitioner', ['hr', 'system']],
    ['administrative', 'Group', ['hr', 'researcher']],
    ['attached', 'Binary', ['doctor', 'lab', 'system']],
    ['attached', 'Observation', ['doctor', 'lab', 'system']],
    ['attached', 'Condition', ['doctor', 'system']],
    ['attached', 'AuditEvent', []],
  ];
  const rows = SHARED.flatMap(([home, type, writers]) =>
    ROLES.map((role) => ({ home, type, role, expected: writers.includes(role) ? 'OK' : 'FORBIDDEN' })),
  );

  test.each(rows)('$role writes $type ($home): $expected', ({ home, type, role, expected }) => {
    const caller = callers[role];
    const { patient: _patient, section: _section, ...rest } = writtenAt(caller, type, 'other');
    const entry = { ...rest, home } as EntryValue;
    for (const act of ACTS) expect(write(caller, act, entry, [])).toBe(expected);
    const theirs = { ...entry, organisation: 'ThirdMSP' };
    expect(write(caller, 'update', theirs, [everything(caller)])).toBe('FORBIDDEN');
    expect(write(caller, 'delete', theirs, [everything(caller)])).toBe('FORBIDDEN');
  });
});
