import { FhirError } from '../../fhir/errors.ts';
import { DOCTOR, LAB, NEW_YEAR, PATIENT, record, SYSTEM } from '../fixtures/records.ts';
import type { AuditLog } from '../log.ts';
import type { AuditReader } from '../reader.ts';
import type { AuditRecord } from '../record.ts';
import type { AuditSearch } from '../search.ts';
import type { AuditViewer } from '../viewer.ts';
import { openedLogs } from './logs.ts';

const HOUR = 3_600_000;
const patient: AuditViewer = { kind: 'patient', patient: '1', identity: PATIENT.identity };

const asking = (parameters: string, changes: Partial<AuditSearch> = {}): AuditSearch => ({
  parameters:
    parameters === ''
      ? []
      : parameters
          .split('&')
          .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const),
  lenient: false,
  sort: [],
  count: 50,
  total: 'accurate',
  ...changes,
});

/** Five events of Patient/1, an hour apart; each one's number is its request. */
const EVENTS: readonly AuditRecord[] = [
  record({ requestId: '0' }),
  record({
    requestId: '1',
    at: NEW_YEAR + HOUR,
    interaction: 'create',
    agent: LAB,
    policy: 'Consent/7',
    entities: [{ reference: 'ImagingStudy/1', version: 1 }],
  }),
  record({
    requestId: '2',
    at: NEW_YEAR + 2 * HOUR,
    interaction: 'search-type',
    entities: [],
    query: 'Observation?patient=1,9',
  }),
  record({
    requestId: '3',
    at: NEW_YEAR + 3 * HOUR,
    agent: SYSTEM,
    outcome: '4',
    status: 404,
    entities: [{ reference: 'Condition/8' }],
  }),
  record({
    requestId: '4',
    at: NEW_YEAR + 4 * HOUR,
    agent: PATIENT,
    entities: [{ reference: 'Patient/1', version: 1 }],
  }),
  record({ requestId: 'another', patient: '9', at: NEW_YEAR + 5 * HOUR }),
];

/** Searching, on a database of each engine: `newDatabase` answers the URL of a new one. */
export function readerSuite(newDatabase: () => Promise<string>): void {
  const { open, read } = openedLogs();
  let reader: AuditReader;

  async function logged(records: readonly AuditRecord[]): Promise<{ log: AuditLog; reader: AuditReader }> {
    const url = await newDatabase();
    const log = await open(url);
    await log.append(records);
    return { log, reader: await read(url, () => NEW_YEAR + 100 * HOUR) };
  }

  beforeAll(async () => {
    ({ reader } = await logged(EVENTS));
  });

  async function found(parameters: string, changes: Partial<AuditSearch> = {}): Promise<string> {
    const { matches, total } = await reader.search(asking(parameters, changes), patient);
    if (changes.count === undefined) expect(total).toBe(matches.length);
    return matches
      .map((event) => event.entity?.find(({ type }) => type?.code === 'XrequestId')?.what?.identifier?.value)
      .join('');
  }

  test.each([
    ['', '43210'],
    ['patient=Patient/1', '43210'],
    ['patient=1', '43210'],
    ['patient:Patient=1', '43210'],
    ['patient=https://gateway.example/fhir/R4/Patient/1', '43210'],
    ['patient=https://elsewhere.example/Patient/1', ''],
    ['patient=9', ''],
    ['patient=Practitioner/1', ''],
    ['date=2026-01-01', '43210'],
    ['date=2026', '43210'],
    ['date=gt2026-01-01T01:00:00Z', '432'],
    ['date=ge2026-01-01T02:00:00%2B01:00'.replace('%2B', '+'), '4321'],
    ['date=le2026-01-01T01:00:00Z', '10'],
    ['date=lt2026-01-01T01:00:00Z', '0'],
    ['date=sa2026-01-01T02:00Z', '43'],
    ['date=eb2026-01-01T02:00Z', '10'],
    ['date=ne2026-01-01T02:00:00.000Z', '4310'],
    ['date=2026-01-01T02:00:00.000Z,2026-01-01T03:00', '32'],
    ['date=ge2026-01-01T01:00Z&date=lt2026-01-01T03:00Z', '21'],
    ['date=ap2026-01-01T00:00Z', '43210'],
    ['_lastUpdated=ge2026-01-01T04:00:00Z', '4'],
    ['agent=Practitioner/2', '20'],
    ['agent=Practitioner/2,Practitioner/3', '210'],
    ['agent=3', '1'],
    ['agent:Practitioner=3', '1'],
    ['agent=Organization/5', '320'],
    ['agent=Patient/1', '4'],
    ['agent-name=dr. elo', '20'],
    ['agent-name=martin', ''],
    ['agent-name:contains=MARTIN', '20'],
    ['agent-name:exact=Dr. Élodie Martin', '20'],
    ['agent-name:exact=dr. élodie martin', ''],
    ['agent-name:missing=true', '4'],
    ['agent-role=doctor', '20'],
    ['agent-role=http://fhir-fabric-gateway.org/CodeSystem/role|lab', '1'],
    ['agent-role=http://elsewhere.example|lab', ''],
    ['agent-role:not=doctor', '431'],
    ['entity=Observation/1', '0'],
    ['entity=Observation/1/_history/3', '0'],
    ['entity=Observation/1/_history/2', ''],
    ['entity=ImagingStudy/1,Condition/8', '31'],
    ['entity=8', '3'],
    ['entity=1', '43210'],
    ['entity:Condition=8', '3'],
    ['entity=Patient/1', '43210'],
    ['entity=Patient/1/_history/1', '4'],
    ['entity-type=2', '43210'],
    ['entity-type=http://terminology.hl7.org/CodeSystem/audit-entity-type|1', '43210'],
    ['entity-type=XrequestId', '43210'],
    ['entity-role=24', '2'],
    ['entity-role:not=24', '4310'],
    ['entity-name=x', ''],
    ['entity-name:missing=true', '43210'],
    ['altid=x', ''],
    ['action=C', '1'],
    ['action=R,E', '4320'],
    ['type=rest', '43210'],
    ['type=http://terminology.hl7.org/CodeSystem/audit-event-type|', '43210'],
    ['type=110114', ''],
    ['subtype=search-type', '2'],
    ['subtype:not=read', '21'],
    ['outcome=4', '3'],
    ['outcome=0', '4210'],
    ['source=Organization/5', '43210'],
    ['source=Organization/6', ''],
    ['site=gateway.example', '43210'],
    ['site=elsewhere.example', ''],
    ['policy=Consent/7', '1'],
    ['policy:missing=false', '1'],
    ['address=203.0.113', '210'],
    ['address=https://gateway', '43210'],
    ['address:exact=2001:db8::1', '3'],
    ['agent-role=doctor&action=R', '0'],
    ['_id=none', ''],
  ])('a patient who searches %s finds %s', async (parameters, expected) => {
    expect(await found(parameters)).toBe(expected);
  });

  test('each event can be read and searched by its id', async () => {
    const { matches } = await reader.search(asking(''), patient);
    for (const event of matches) {
      expect(event.id).toMatch(/^[A-Za-z0-9-.]{1,64}$/);
      expect(await reader.get(event.id ?? '', patient)).toEqual(event);
    }
    const ids = matches.map(({ id }) => id);
    expect(await found(`_id=${ids[0]},${ids[3]}`)).toBe('41');
    expect(await reader.get('no-such-id', patient)).toBeUndefined();
    expect(await reader.get('0'.repeat(32), patient)).toBeUndefined();
  });

  test.each([
    ['name=x', 'name'],
    ['patient.identifier=x', 'patient.identifier'],
    ['patient:identifier=x', 'identifier'],
    ['date:exact=2026', 'exact'],
    ['date=yesterday', 'yesterday'],
    ['date=2026-02-30', '2026-02-30'],
    ['date=2026-13', '2026-13'],
    ['patient=', 'patient'],
    ['patient=a b', 'a b'],
    ['type:missing=perhaps', 'perhaps'],
    ['constructor=x', 'constructor'],
  ])('%s is refused with 400 that names %s', async (parameters, named) => {
    const error: unknown = await reader
      .search(asking(parameters), patient)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FhirError);
    expect(error).toMatchObject({ status: 400, message: expect.stringContaining(named) as string });
  });

  test('under lenient handling an unknown parameter is left out and named', async () => {
    const result = await reader.search(asking('name=x&action=C', { lenient: true }), patient);
    expect(result).toMatchObject({ ignored: ['name'], used: [['action', 'C']], total: 1 });
  });

  test('sorts by date, either way, and by nothing else', async () => {
    expect(await found('', { sort: [{ code: 'date', descending: false }] })).toBe('01234');
    expect(await found('', { sort: [{ code: '_lastUpdated', descending: true }] })).toBe('43210');
    await expect(found('', { sort: [{ code: 'agent', descending: true }] })).rejects.toThrow('agent');
  });

  test('a count of none tells the total only', async () => {
    expect(await reader.search(asking('', { count: 0 }), patient)).toEqual({
      matches: [],
      total: 5,
      used: [],
      ignored: [],
    });
  });

  test.each([true, false])(
    'pages meet each event once while others are appended (newest first: %s)',
    async (descending) => {
      const rows = Array.from({ length: 25 }, (_, n) =>
        record({ requestId: `${n}`, at: NEW_YEAR + Math.floor(n / 4) * 1000 }),
      );
      const paged = await logged(rows);
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await paged.reader.search(
          asking('', {
            count: 4,
            total: 'none',
            sort: [{ code: 'date', descending }],
            ...(after !== undefined && { after }),
          }),
          patient,
        );
        seen.push(...page.matches.map(({ id }) => id ?? ''));
        after = page.after;
        if (seen.length < 20) await paged.log.append([record({ at: NEW_YEAR + HOUR, requestId: 'new' })]);
      } while (after !== undefined);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.length).toBe(descending ? 25 : 29);
    },
  );

  test('a cursor that was never given out is refused', async () => {
    await expect(reader.search(asking('', { after: 'x' }), patient)).rejects.toMatchObject({ status: 400 });
  });

  test('what is appended is found by the very next search', async () => {
    const fresh = await logged([]);
    expect((await fresh.reader.search(asking(''), patient)).total).toBe(0);
    await fresh.log.append([record({ agent: DOCTOR })]);
    expect((await fresh.reader.search(asking(''), patient)).total).toBe(1);
  });
}
