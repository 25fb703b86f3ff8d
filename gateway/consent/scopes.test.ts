import type { Principal } from '../principal.ts';
import { parseScopes } from '../auth/scopes.ts';
import { readFilters } from './scopes.ts';

const bearer = (scopes: string, launchPatient?: string): Principal => ({
  identity: { mspId: 'HospitalMSP', pseudonym: 'd' },
  requester: { role: 'doctor' },
  scopes: parseScopes(scopes),
  purpose: 'TREAT',
  client: 'app',
  display: 'doctor',
  tokenId: 't',
  ...(launchPatient !== undefined && { launchPatient }),
});
const refusal = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error instanceof Error && 'status' in error ? [error.status, error.message] : error;
  }
};

test('matches take search, and what comes along takes read, whatever other scopes say', () => {
  const { scopes, includeScopes } = readFilters(bearer('user/Observation.r user/Patient.s'), 'search', [
    'Patient',
  ]);
  expect([scopes, includeScopes]).toEqual([[{ type: 'Patient' }], [{ type: 'Observation' }]]);
});

test('a wide scope that may only read lets no search of its type through beside a narrow one', () => {
  const { scopes } = readFilters(bearer('patient/Observation.s user/*.r', '1'), 'search', ['Observation']);
  expect(scopes).toEqual([{ type: 'Observation', onlyPatient: '1' }]);
});

test.each<[string, 'read' | 'search', string[], string]>([
  ['user/Observation.r user/Patient.s', 'search', ['Patient', 'Observation'], 'search of Observation'],
  ['user/Observation.s', 'read', ['Observation'], 'read of Observation'],
  ['user/*.r', 'search', [], 'search of all types'],
  ['patient/*.rs', 'search', ['Observation'], 'search of Observation'],
])('%s does not %s %j: 403 that says what of', (scopes, permission, types, said) => {
  expect(refusal(() => readFilters(bearer(scopes), permission, types))).toEqual([
    403,
    `The token's scopes do not cover ${said}.`,
  ]);
});
