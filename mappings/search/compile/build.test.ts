import type { ComponentRow } from '../path.ts';
import { ruleFor } from '../value-of/index.ts';
import { compileSearchParameters } from './build.ts';
import { readDefinitions } from './definitions.ts';

const definitions = readDefinitions();
const table = compileSearchParameters(definitions);
const rows = Object.entries(table.types).flatMap(([type, list]) => list.map((row) => ({ type, row })));
const urlEnd = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

test('all of HL7’s R4 search parameters are compiled, for all of R4’s resource types', () => {
  expect(definitions.parameters).toHaveLength(1378);
  expect(new Set(rows.map(({ row }) => row.url)).size).toBe(1378);
  expect(Object.keys(table.types)).toHaveLength(146);
  expect(rows).toHaveLength(3011);
});

test('every parameter that has an expression finds something in every type that it is defined for', () => {
  const empty = new Set(rows.filter(({ row }) => row.paths.length === 0).map(({ row }) => urlEnd(row.url)));
  // These three are defined without an expression.
  expect([...empty].sort()).toEqual(['DomainResource-text', 'Resource-content', 'Resource-query']);
});

test('every component of a composite is a parameter of its own and finds something', () => {
  const components = rows.flatMap(({ row }) => row.components ?? []);
  expect(components.length).toBeGreaterThan(90);
  expect(components.filter(({ number, paths }) => number === 0 || paths.length === 0)).toEqual([]);
});

test('what parameters point at and yet find nothing in is this and no more', () => {
  const found = (row: ComponentRow): string[] =>
    row.paths
      .filter((path) => ruleFor(row.type, path) === undefined)
      .map((path) => `${row.type} in ${path.type}`);
  const without = rows
    .filter(({ row }) => row.type !== 'composite')
    .flatMap(({ type, row }) => found(row).map((what) => `${type}.${row.code}: ${what}`));
  expect(without.sort()).toEqual([
    // A choice of types of which the specification has only some be searched.
    'CarePlan.activity-date: date in string',
    'Consent.source-reference: reference in Attachment',
    'Immunization.date: date in string',
    'Procedure.date: date in Age',
    'Procedure.date: date in Range',
    'Procedure.date: date in string',
  ]);
  const components = rows.flatMap(({ type, row }) =>
    (row.components ?? []).flatMap((each) => found(each).map((what) => `${type}.${row.code}: ${what}`)),
  );
  expect(components.sort()).toEqual([
    'Group.characteristic-value: token in Quantity',
    'Group.characteristic-value: token in Range',
    'Group.characteristic-value: token in Reference',
  ]);
});

test('numbers are given once each, in an order that depends on nothing but R4', () => {
  expect(rows.map(({ row }) => row.number)).toEqual(rows.map((_, i) => i + 1));
  const names = rows.map(({ type, row }) => `${type} ${row.code}`);
  expect(names).toEqual([...names].sort());
});

test('what only its own package adds to R4 is left out', () => {
  expect(Object.keys(table.types)).not.toContain('Project');
  expect(Object.keys(table.types)).not.toContain('SubscriptionStatus');
  expect(table.types['Patient']?.map(({ code }) => code)).not.toContain('_project');
});

test('choices, conditions and code systems are resolved when the table is built', () => {
  const paths = (type: string, code: string) => table.types[type]?.find((row) => row.code === code)?.paths;
  expect(paths('Observation', 'value-quantity')).toEqual([
    { steps: ['valueQuantity'], type: 'Quantity' },
    { steps: ['valueSampledData'], type: 'SampledData' },
  ]);
  expect(paths('Observation', 'patient')).toEqual([
    { steps: ['subject', { resolvesTo: 'Patient' }], type: 'Reference' },
  ]);
  expect(paths('Patient', 'phone')).toEqual([
    { steps: ['telecom', { where: 'system', is: 'phone' }], type: 'ContactPoint' },
  ]);
  expect(paths('Bundle', 'composition')).toEqual([
    { steps: ['entry', { index: 0 }, 'resource'], type: 'Resource' },
  ]);
  expect(paths('Observation', 'status')).toEqual([
    { steps: ['status'], type: 'code', system: 'http://hl7.org/fhir/observation-status' },
  ]);
  expect(paths('Task', 'intent')?.[0]?.systems).toMatchObject({
    unknown: 'http://hl7.org/fhir/task-intent',
    order: 'http://hl7.org/fhir/request-intent',
  });
});
