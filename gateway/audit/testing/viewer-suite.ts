import { DOCTOR, HR, LAB, PATIENT, record, SYSTEM } from '../fixtures/records.ts';
import type { AuditReader } from '../reader.ts';
import { recordsForSearch, type AuditAgent, type AuditRecord } from '../record.ts';
import type { AuditViewer } from '../viewer.ts';
import { openedLogs } from './logs.ts';

const OTHER_PATIENT: AuditAgent = {
  ...PATIENT,
  identity: { mspId: 'HospitalMSP', pseudonym: 'p-9' },
  person: 'Patient/9',
};
const refused = { outcome: '4', status: 404 } as const;
const onNobody = { patient: undefined };

const EVENTS: readonly AuditRecord[] = [
  record({ requestId: 'doctor-1' }),
  record({ requestId: 'doctor-9', patient: '9' }),
  record({ requestId: 'doctor-refused-1', ...refused }),
  record({ requestId: 'doctor-refused', ...refused, ...onNobody }),
  record({ requestId: 'doctor-directory', ...onNobody }),
  ...recordsForSearch(
    record({
      requestId: 'doctor-search',
      interaction: 'search-type',
      entities: [],
      query: 'Patient?_id=1,9&name=Smith',
      patient: undefined,
    }),
    ['9', '1', '9'],
  ),
  record({ requestId: 'lab-1', agent: LAB }),
  record({ requestId: 'system-1', agent: SYSTEM }),
  record({ requestId: 'patient-1', agent: PATIENT }),
  record({ requestId: 'patient-directory', agent: PATIENT, ...onNobody }),
  record({ requestId: 'patient-tries-9', agent: PATIENT, patient: '9', ...refused }),
  record({ requestId: 'patient-tries-nothing', agent: PATIENT, ...onNobody, ...refused }),
  record({ requestId: 'other-tries-1', agent: OTHER_PATIENT, ...refused }),
  record({ requestId: 'hr-1', agent: HR, entities: [{ reference: 'Patient/1' }] }),
  record({ requestId: 'hr-directory', agent: HR, ...onNobody, entities: [{ reference: 'Practitioner/2' }] }),
  record({ requestId: 'hr-refused', agent: HR, ...onNobody, ...refused }),
  record({
    requestId: 'login-failed',
    ...onNobody,
    interaction: 'login',
    entities: [],
    ...refused,
    status: 401,
  }),
  record({ requestId: 'lab-directory', agent: LAB, ...onNobody }),
];

const asked: string[][] = [];
const mayRead =
  (...allowed: string[]) =>
  (patients: readonly string[]) => {
    asked.push([...patients]);
    return Promise.resolve(new Set(patients.filter((patient) => allowed.includes(patient))));
  };
const staff = (agent: AuditAgent, ...allowed: string[]): AuditViewer => ({
  kind: 'staff',
  identity: agent.identity,
  mayRead: mayRead(...allowed),
});
const patient = (agent: AuditAgent, id: string): AuditViewer => ({
  kind: 'patient',
  patient: id,
  identity: agent.identity,
});

const hr = (agent: AuditAgent): AuditViewer => ({ kind: 'hr', identity: agent.identity });

/** Who sees what, on a database of each engine: `newDatabase` answers the URL of a new one. */
export function viewerSuite(newDatabase: () => Promise<string>): void {
  const { open, read } = openedLogs();
  let reader: AuditReader;
  beforeAll(async () => {
    const url = await newDatabase();
    await (await open(url)).append(EVENTS);
    reader = await read(url);
  });

  const searching = (viewer: AuditViewer, ...parameters: (readonly [string, string])[]) =>
    reader.search(
      {
        parameters,
        lenient: false,
        sort: [{ code: 'date', descending: false }],
        count: 100,
        total: 'accurate',
      },
      viewer,
    );
  const requestsOf = ({ matches }: Awaited<ReturnType<typeof searching>>): (string | undefined)[] =>
    matches.map(
      ({ entity }) => entity?.find(({ type }) => type?.code === 'XrequestId')?.what?.identifier?.value,
    );

  const PATIENT_1 = [
    'doctor-1',
    'doctor-refused-1',
    'doctor-search',
    'lab-1',
    'system-1',
    'patient-1',
    'patient-directory',
    'other-tries-1',
    'hr-1',
  ];

  test.each<[string, AuditViewer, string[]]>([
    ['a patient: who read the own record, and who tried', patient(PATIENT, '1'), PATIENT_1],
    [
      'another patient: theirs alone',
      patient(OTHER_PATIENT, '9'),
      ['doctor-9', 'doctor-search', 'patient-tries-9'],
    ],
    [
      'a doctor with both grants',
      staff(DOCTOR, '1', '9'),
      ['doctor-1', 'doctor-9', 'doctor-directory', 'doctor-search', 'doctor-search'],
    ],
    [
      'a doctor whom one patient revoked',
      staff(DOCTOR, '9'),
      ['doctor-9', 'doctor-directory', 'doctor-search'],
    ],
    ['a doctor whom all revoked, or whose patients were erased', staff(DOCTOR), ['doctor-directory']],
    ['a lab', staff(LAB, '1', '9'), ['lab-1', 'lab-directory']],
    ['a system', staff(SYSTEM, '1'), ['system-1']],
    [
      'somebody who did nothing',
      staff({ ...DOCTOR, identity: { mspId: 'HospitalMSP', pseudonym: 'd-2' } }, '1', '9'),
      [],
    ],
    [
      'the same pseudonym elsewhere',
      staff({ ...DOCTOR, identity: { mspId: 'LabMSP', pseudonym: 'd-1' } }, '1', '9'),
      [],
    ],
    [
      'a doctor confined to a patient',
      { ...staff(DOCTOR, '1', '9'), onlyPatient: '9' } as AuditViewer,
      ['doctor-9', 'doctor-search'],
    ],
    [
      'hr: no record, only its organisation',
      hr(HR),
      ['doctor-directory', 'patient-directory', 'hr-directory', 'login-failed'],
    ],
    ['hr of the lab', hr({ ...HR, identity: { mspId: 'LabMSP', pseudonym: 'h-1' } }), ['lab-directory']],
    ['hr confined to a patient', { ...hr(HR), onlyPatient: '1' } as AuditViewer, []],
  ])('%s', async (_who, viewer, expected) => {
    const result = await searching(viewer);
    expect(requestsOf(result)).toEqual(expected);
    expect(result.total).toBe(expected.length);
  });

  test('what a search does not find cannot be read by its id either', async () => {
    const viewers = [
      patient(PATIENT, '1'),
      patient(OTHER_PATIENT, '9'),
      staff(DOCTOR, '1'),
      staff(DOCTOR),
      hr(HR),
    ];
    const everything = await Promise.all(
      [...viewers, staff(DOCTOR, '1', '9'), staff(LAB, '1')].map((viewer) => searching(viewer)),
    );
    const ids = new Set(everything.flatMap(({ matches }) => matches.map(({ id }) => id ?? '')));
    for (const viewer of viewers) {
      const visible = new Set((await searching(viewer)).matches.map(({ id }) => id));
      for (const id of ids) expect((await reader.get(id, viewer)) !== undefined).toBe(visible.has(id));
    }
  });

  test('a search confined to a patient asks about that one alone', async () => {
    asked.length = 0;
    expect(requestsOf(await searching(staff(DOCTOR, '1', '9'), ['patient', 'Patient/9']))).toEqual([
      'doctor-9',
      'doctor-search',
    ]);
    expect(requestsOf(await searching(staff(DOCTOR, '1'), ['patient', 'Patient/9']))).toEqual([]);
    expect(asked).toEqual([['9'], ['9']]);
  });

  test('a patient does not read who else was searched for', async () => {
    const queries = async (viewer: AuditViewer) =>
      (await searching(viewer, ['subtype', 'search-type'])).matches.flatMap(({ entity }) =>
        entity?.flatMap(({ query }) => (query === undefined ? [] : [atob(query)])),
      );
    expect(await queries(patient(PATIENT, '1'))).toEqual(['Patient?_id=1,*&name=*']);
    expect(await queries(patient(OTHER_PATIENT, '9'))).toEqual(['Patient?_id=*,9&name=*']);
    expect(await queries(staff(DOCTOR, '1'))).toEqual(['Patient?_id=1,9&name=Smith']);
  });

  test('hr reads what type others searched, and not what for; the own searches whole', async () => {
    const searched = (agent: AuditAgent, query: string) =>
      record({ agent, interaction: 'search-type', entities: [], query, ...onNobody });
    const own = await newDatabase();
    await (
      await open(own)
    ).append([
      searched(DOCTOR, 'Observation?patient=1&code=HIV'),
      searched(PATIENT, 'Patient/1/Condition?code=my-secret'),
      searched(HR, 'Practitioner?name=Who'),
      record({ agent: DOCTOR, interaction: 'login', entities: [], ...onNobody }),
    ]);
    const log = await read(own);
    const all = { parameters: [], lenient: false, sort: [], count: 10, total: 'none' } as const;
    const { matches } = await log.search(all, hr(HR));
    const queries = matches.map(({ entity }) => entity?.flatMap(({ query }) => (query ? [atob(query)] : [])));
    expect(queries).toEqual([[], ['Practitioner?name=Who'], ['Condition'], ['Observation']]);
    const byId = await log.get(matches[3]?.id ?? '', hr(HR));
    expect(JSON.stringify(byId)).toBe(JSON.stringify(matches[3]));
  });
}
