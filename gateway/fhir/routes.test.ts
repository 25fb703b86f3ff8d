import { findRoute } from './routes.ts';

test.each([
  ['GET', 'Observation/1', 'read', { type: 'Observation', id: '1' }],
  ['HEAD', 'Observation/1', 'read', { type: 'Observation', id: '1' }],
  ['GET', 'Observation/1/_history/2', 'vread', { type: 'Observation', id: '1', version: '2' }],
  ['GET', 'Observation/1/_history', 'history-instance', { type: 'Observation', id: '1' }],
  ['GET', 'Patient/1/_history', 'history-instance', { type: 'Patient', id: '1' }],
  ['GET', 'Patient/1/Observation', 'search-type', { type: 'Observation', id: '1', compartment: 'Patient' }],
  ['GET', 'Patient/1/*', 'search-type', { id: '1', compartment: 'Patient' }],
  [
    'GET',
    'Encounter/1/Observation',
    'search-type',
    { type: 'Observation', id: '1', compartment: 'Encounter' },
  ],
  ['GET', 'Device/1/*', 'search-type', { id: '1', compartment: 'Device' }],
  ['GET', 'Patient/1/$everything', 'operation', { type: 'Patient', id: '1' }],
  ['GET', 'Patient/$everything', 'operation', { type: 'Patient' }],
  ['GET', 'Observation/1/$meta', 'operation', { type: 'Observation', id: '1' }],
  ['POST', 'Observation/$validate', 'operation', { type: 'Observation' }],
  ['GET', 'OperationDefinition/1', 'read', { type: 'OperationDefinition', id: '1' }],
  ['GET', 'AuditEvent', 'search-type', { type: 'AuditEvent' }],
  ['POST', 'Observation/_search', 'search-type', { type: 'Observation' }],
  ['POST', 'Observation', 'create', { type: 'Observation' }],
  ['PUT', 'Observation/1', 'update', { type: 'Observation', id: '1' }],
  ['DELETE', 'Patient/1', 'delete', { type: 'Patient', id: '1' }],
  ['POST', '', 'transaction', {}],
  ['GET', '', 'search-system', {}],
])('%s %s is %s', (method, path, interaction, parameters) => {
  const found = findRoute(method, path);
  if (!('route' in found)) throw new Error('no route');
  const { route, ...rest } = found;
  expect(route.interaction).toBe(interaction);
  expect(rest).toEqual(parameters);
});

test.each([
  ['PUT', 'Observation/_search', ['POST']],
  ['POST', 'Observation/1', ['GET', 'PUT', 'PATCH', 'DELETE']],
  ['GET', 'Observation/1/$meta-add', ['POST']],
])('%s %s is not allowed, and it is said what is', (method, path, allowed) => {
  expect(findRoute(method, path)).toEqual({ allowed });
});

test.each([
  'Project',
  'Observation/a b',
  'Observation/1/2/3/4',
  'observation',
  '__proto__',
  `Observation/${'x'.repeat(65)}`,
])('%s is no path at all', (path) => expect(findRoute('GET', path)).toEqual({ allowed: [] }));
