import type { Role, Rule, Section } from '@fhir-fabric-gateway/chaincode/api';
import type { Principal } from '../principal.ts';
import { assertMayWrite, type WriteSubject } from './writes.ts';

const principal = (role: Role): Principal => ({
  identity: { mspId: 'HospitalMSP', pseudonym: 'x' },
  requester: { role, person: 'Practitioner/2', organization: 'Organization/5' },
  ...(role === 'patient' && { patient: '1' }),
  scopes: [],
  purpose: 'TREAT',
  client: 'test',
  display: role,
  tokenId: 't',
});

const subject = (type: string, section: Section, more: Partial<WriteSubject> = {}): WriteSubject => ({
  type,
  home: 'patient',
  patient: '1',
  facets: [{ type, section, labels: [], date: null }],
  ...more,
});

const index = (...grants: Rule[]) => ({
  record: () => Promise.resolve({ patient: '1', home: 'HospitalMSP', status: 'open' as const }),
  rules: () => Promise.resolve({ grants, privacy: [] }),
});

const all: Rule = { type: 'permit', actors: ['Practitioner/2'] };
const outcome = async (role: Role, what: WriteSubject, ...grants: Rule[]): Promise<string> => {
  try {
    await assertMayWrite(principal(role), what, 0, index(...grants));
    return 'allowed';
  } catch (error) {
    const { status, issues } = error as { status: number; issues: { detail?: string }[] };
    return [status, issues[0]?.detail].filter(Boolean).join(' ');
  }
};

test.each<[Role, WriteSubject, string, string]>([
  ['doctor', subject('Condition', 'diagnosis'), '403 consent-required', 'allowed'],
  ['doctor', subject('Patient', 'personal'), '403', '403'],
  ['doctor', subject('Consent', 'consent', { asks: true }), 'allowed', 'allowed'],
  ['lab', subject('DiagnosticReport', 'report'), '403 consent-required', 'allowed'],
  ['lab', subject('Condition', 'diagnosis'), '403', '403'],
  ['lab', subject('Task', 'orders'), '403', '403'],
  ['lab', subject('Task', 'orders', { parties: ['Organization/5'] }), '403 consent-required', 'allowed'],
  ['lab', subject('Task', 'orders', { parties: ['Organization/6'] }), '403', '403'],
  ['lab', subject('ServiceRequest', 'orders'), '403', '403'],
  ['system', subject('Observation', 'vitals'), '403 consent-required', 'allowed'],
  ['hr', subject('Observation', 'vitals'), '403', '403'],
  ['hr', subject('Organization', 'other', { home: 'directory' }), 'allowed', 'allowed'],
  ['doctor', subject('Organization', 'other', { home: 'directory' }), '403', '403'],
  ['doctor', subject('Group', 'other', { home: 'administrative' }), '403', '403'],
  ['researcher', subject('Observation', 'report'), '403', '403'],
  ['patient', subject('Condition', 'diagnosis'), '403', '403'],
  ['patient', subject('Consent', 'consent'), 'allowed', 'allowed'],
  ['patient', subject('Consent', 'consent', { patient: '2' }), '404', '404'],
  ['system', subject('AuditEvent', 'other'), '403', '403'],
])('%s writes %j: %s without a grant, %s with one', async (role, what, without, withGrant) => {
  expect([await outcome(role, what), await outcome(role, what, all)]).toEqual([without, withGrant]);
});

test('a contained resource counts: a report that carries a diagnosis needs a grant for both', async () => {
  const report = subject('DiagnosticReport', 'report');
  const carrying = {
    ...report,
    facets: [...report.facets, { type: 'Condition', section: 'diagnosis' as const, labels: [], date: null }],
  };
  const onlyReports: Rule = { type: 'permit', sections: ['report'] };
  expect(await outcome('doctor', report, onlyReports)).toBe('allowed');
  expect(await outcome('doctor', carrying, onlyReports)).toBe('403 consent-required');
  expect(await outcome('lab', carrying, all)).toBe('403');
});
