import type { Principal } from '../principal.ts';
import { newSqliteFile } from '../testing/sqlite-files.ts';
import { PATIENT } from './fixtures/records.ts';
import { viewerSuite } from './testing/viewer-suite.ts';
import { viewerOf } from './viewer.ts';

viewerSuite(newSqliteFile);

test.each([
  ['patient', { patient: '1' }, { kind: 'patient', patient: '1', identity: PATIENT.identity }],
  ['hr', {}, { kind: 'hr', identity: PATIENT.identity }],
  ['doctor', {}, { kind: 'staff', identity: PATIENT.identity }],
  ['researcher', {}, { kind: 'staff', identity: PATIENT.identity }],
] as const)('a %s is a viewer of that kind', (role, own, expected) => {
  const principal: Principal = {
    identity: PATIENT.identity,
    requester: { role },
    ...own,
    scopes: [],
    purpose: 'TREAT',
    client: 'demo-app',
    display: '',
    tokenId: 't',
  };
  expect(viewerOf(principal, () => Promise.resolve(new Set()))).toMatchObject(expected);
});
