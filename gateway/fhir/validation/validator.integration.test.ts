import type { FhirError } from '../errors.ts';
import type { JsonObject } from '../resource.ts';
import { createValidator } from './validator.ts';
import type { Validator } from './validator.ts';

const validator: Validator = createValidator();

const patient = (elements: JsonObject = {}): JsonObject => ({ resourceType: 'Patient', ...elements });
const observation = (elements: JsonObject = {}): JsonObject => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
  ...elements,
});
const condition = (elements: JsonObject = {}): JsonObject => ({
  resourceType: 'Condition',
  subject: { reference: 'Patient/1' },
  ...elements,
});
const bundle = (resource: JsonObject): JsonObject => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: [{ resource }],
});
const concept = (system: string, code: string): JsonObject => ({ coding: [{ system, code }] });
const div = (inside: string): JsonObject => ({
  status: 'generated',
  div: `<div xmlns="http://www.w3.org/1999/xhtml">${inside}</div>`,
});

const refusal = (
  resource: JsonObject,
): [status: number, code: string | undefined, expression: string | undefined] => {
  try {
    validator.assertValid(resource);
  } catch (error) {
    const { status, issues } = error as FhirError;
    return [status, issues[0]?.code, issues[0]?.expression?.[0]];
  }
  return [200, undefined, undefined];
};

test.each<[string, JsonObject]>([
  ['the least Patient', patient()],
  [
    'a Patient',
    patient({
      id: 'a.B-1',
      gender: 'female',
      birthDate: '1970-02',
      name: [{ use: 'official', family: 'Ä b' }],
    }),
  ],
  [
    'a birth date that is known to be unknown',
    patient({ _birthDate: { extension: [{ url: 'http://a.org/b', valueCode: 'unknown' }] } }),
  ],
  [
    'a required element that has only an extension',
    observation({
      status: undefined as never,
      _status: { extension: [{ url: 'http://a.org/b', valueCode: 'masked' }] },
    }),
  ],
  ['a leap day', patient({ birthDate: '2024-02-29' })],
  [
    'an Observation',
    observation({
      effectiveDateTime: '2026-01-31T10:00:00.123+01:00',
      valueQuantity: { value: 1.5, unit: 'x' },
    }),
  ],
  [
    'a value with an extension',
    observation({
      valueString: 'a',
      _valueString: { id: 'b', extension: [{ url: 'http://a.org/b', valueBoolean: true }] },
    }),
  ],
  ['an Observation in a bundle', bundle(observation())],
  ['Base64 in lines', { resourceType: 'Binary', contentType: 'text/plain', data: 'QUJD\r\nREVG' }],
  ['2 MB of Base64', { resourceType: 'Binary', contentType: 'text/plain', data: 'QUJD'.repeat(500_000) }],
  ['a narrative', patient({ text: div('<p>Text</p>') })],
  [
    'a required concept',
    condition({
      clinicalStatus: concept('http://terminology.hl7.org/CodeSystem/condition-clinical', 'active'),
    }),
  ],
])('%s is valid', (_, resource) => {
  const json = JSON.parse(JSON.stringify(resource)) as JsonObject;
  expect(validator.validate(json)).toEqual([]);
});

test.each<[string, JsonObject, string, string]>([
  ['no resourceType', { id: '1' }, 'structure', 'Resource.resourceType'],
  ['an unknown type', { resourceType: 'Patients' }, 'structure', 'Patients.resourceType'],
  ['an abstract type', { resourceType: 'DomainResource' }, 'structure', 'DomainResource.resourceType'],
  ['a data type', { resourceType: 'HumanName' }, 'structure', 'HumanName.resourceType'],
  ['a type that is no name', { resourceType: { a: 1 } }, 'structure', 'Resource.resourceType'],
  ['an inherited name as type', { resourceType: 'constructor' }, 'structure', 'constructor.resourceType'],
  ['an unknown element', patient({ colour: 'red' }), 'structure', 'Patient.colour'],
  [
    'an unknown element further in',
    patient({ name: [{ use: 'usual' }, { first: 'a' }] }),
    'structure',
    'Patient.name[1].first',
  ],
  [
    'an unknown element in a bundle',
    bundle(patient({ colour: 'red' })),
    'structure',
    'Bundle.entry[0].resource.colour',
  ],
  [
    'an unknown contained type',
    patient({ contained: [{ resourceType: 'Thing' }] }),
    'structure',
    'Patient.contained[0].resourceType',
  ],
  [
    'a name out of Object',
    JSON.parse('{"resourceType":"Patient","__proto__":{"active":true}}') as JsonObject,
    'structure',
    'Patient.__proto__',
  ],
  ['a text for an object', patient({ name: 'Ann' }), 'structure', 'Patient.name'],
  ['an object for a list', patient({ name: { family: 'Ann' } }), 'structure', 'Patient.name'],
  ['a list for a value', patient({ birthDate: ['2000'] }), 'structure', 'Patient.birthDate'],
  ['a number for a text', patient({ birthDate: 2000 }), 'structure', 'Patient.birthDate'],
  ['a text for a boolean', patient({ active: 'true' }), 'structure', 'Patient.active'],
  [
    'a text for a decimal',
    observation({ valueQuantity: { value: '1' } }),
    'structure',
    'Observation.valueQuantity.value',
  ],
  [
    'a number in a list of texts',
    patient({ name: [{ given: ['a', 1] }] }),
    'structure',
    'Patient.name[0].given[1]',
  ],
  ['a fraction for an integer', observation({ valueInteger: 1.5 }), 'structure', 'Observation.valueInteger'],
  ['an empty list', patient({ name: [] }), 'structure', 'Patient.name'],
  ['null', patient({ name: null }), 'structure', 'Patient.name'],
  ['null in a list', patient({ name: [{ given: ['a', null] }] }), 'structure', 'Patient.name[0].given[1]'],
  [
    'two values of one choice',
    observation({ valueString: 'a', valueInteger: 1 }),
    'structure',
    'Observation',
  ],
  [
    'a choice and the extension of another',
    observation({ valueString: 'a', _valueInteger: { id: 'a' } }),
    'structure',
    'Observation',
  ],
  [
    'two values of an extension',
    patient({ extension: [{ url: 'http://a.org', valueCode: 'a', valueUri: 'b' }] }),
    'structure',
    'Patient.extension[0]',
  ],
  [
    'a type that the choice does not have',
    observation({ valueAddress: { city: 'a' } }),
    'structure',
    'Observation.valueAddress',
  ],
  [
    'an extension of an id',
    patient({ id: 'a', _id: { extension: [{ url: 'http://a.org', valueCode: 'a' }] } }),
    'structure',
    'Patient.id',
  ],
])('%s is not the shape of FHIR: 400', (_, resource, code, expression) => {
  expect(refusal(resource)).toEqual([400, code, expression]);
});

const foreignTypes = [
  'Project',
  'ProjectMembership',
  'ClientApplication',
  'User',
  'Login',
  'JsonWebKey',
  'Bot',
  'AccessPolicy',
];
const moreForeignTypes = [
  'UserConfiguration',
  'AsyncJob',
  'Agent',
  'SmartAppLaunch',
  'DomainConfiguration',
  'SubscriptionStatus',
  'BulkDataExport',
  'PasswordChangeRequest',
  'UserSecurityRequest',
  'IdentityProvider',
];
test.each([...foreignTypes, ...moreForeignTypes, 'ViewDefinition'])(
  '%s, which other servers add to R4, is refused',
  (resourceType) => {
    expect(refusal({ resourceType })).toEqual([400, 'structure', `${resourceType}.resourceType`]);
    expect(refusal(bundle({ resourceType }))).toEqual([
      400,
      'structure',
      'Bundle.entry[0].resource.resourceType',
    ]);
  },
);

const meta = ['project', 'author', 'onBehalfOf', 'account', 'accounts', 'compartment', 'deleted'];
test.each<[string, JsonObject, string]>([
  ...meta.map((name): [string, JsonObject, string] => [
    `meta.${name}`,
    patient({ meta: { [name]: 'a' } }),
    `Patient.meta.${name}`,
  ]),
  [
    'Reference.resource',
    patient({ managingOrganization: { resource: { resourceType: 'Basic' } } }),
    'Patient.managingOrganization.resource',
  ],
  ['Binary.url', { resourceType: 'Binary', contentType: 'a/b', url: 'a' }, 'Binary.url'],
  [
    'HealthcareService.offeredIn',
    { resourceType: 'HealthcareService', offeredIn: [] },
    'HealthcareService.offeredIn',
  ],
  [
    'OperationOutcome.resource',
    { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'invalid' }], resource: 'a' },
    'OperationOutcome.resource',
  ],
  [
    'ResearchStudy.label',
    { resourceType: 'ResearchStudy', status: 'active', label: [] },
    'ResearchStudy.label',
  ],
  [
    'ObservationDefinition.publisher',
    { resourceType: 'ObservationDefinition', code: { text: 'a' }, publisher: {} },
    'ObservationDefinition.publisher',
  ],
])('%s, which other servers add to R4, is refused', (_, resource, expression) => {
  expect(refusal(resource)).toEqual([400, 'structure', expression]);
});

test.each<[string, JsonObject, string, string]>([
  ['a code that is not in the required list', patient({ gender: 'alien' }), 'code-invalid', 'Patient.gender'],
  ['another', observation({ status: 'bogus' }), 'code-invalid', 'Observation.status'],
  [
    'one further in',
    patient({ name: [{ use: 'official' }, { use: 'formal' }] }),
    'code-invalid',
    'Patient.name[1].use',
  ],
  [
    'one in a bundle',
    bundle(patient({ gender: 'alien' })),
    'code-invalid',
    'Bundle.entry[0].resource.gender',
  ],
  [
    'a concept that is not in the required list',
    condition({ clinicalStatus: concept('http://a.org', 'active') }),
    'code-invalid',
    'Condition.clinicalStatus',
  ],
  ['an id with a blank', patient({ id: 'a b' }), 'value', 'Patient.id'],
  ['an id of 65 characters', patient({ id: 'a'.repeat(65) }), 'value', 'Patient.id'],
  ['an empty text', patient({ name: [{ family: '' }] }), 'value', 'Patient.name[0].family'],
  ['a text of blanks', patient({ name: [{ family: '  ' }] }), 'value', 'Patient.name[0].family'],
  ['a control character', patient({ name: [{ family: 'a\u0000' }] }), 'value', 'Patient.name[0].family'],
  ['a date that is none', patient({ birthDate: '01.02.2000' }), 'value', 'Patient.birthDate'],
  ['a day that the month does not have', patient({ birthDate: '2026-02-30' }), 'value', 'Patient.birthDate'],
  [
    'a time without a zone',
    observation({ effectiveDateTime: '2026-01-01T10:00:00' }),
    'value',
    'Observation.effectiveDateTime',
  ],
  ['an hour too many', observation({ valueTime: '24:00:00' }), 'value', 'Observation.valueTime'],
  ['a link with a blank', patient({ implicitRules: 'a b' }), 'value', 'Patient.implicitRules'],
  ['an integer of 33 bits', observation({ valueInteger: 2 ** 31 }), 'value', 'Observation.valueInteger'],
  [
    'no copies',
    patient({ multipleBirthInteger: 2, contact: [{ telecom: [{ rank: 0 }] }] }),
    'value',
    'Patient.contact[0].telecom[0].rank',
  ],
  [
    'broken Base64',
    patient({ photo: [{ contentType: 'a/b', data: 'QUJ' }] }),
    'value',
    'Patient.photo[0].data',
  ],
  [
    'a text of more than 1 MB',
    patient({ name: [{ family: 'a'.repeat(5_000_000) }] }),
    'too-long',
    'Patient.name[0].family',
  ],
  ['no status', { resourceType: 'Observation', code: { text: 'a' } }, 'required', 'Observation.status'],
  [
    'no code further in',
    observation({ component: [{ valueString: 'a' }] }),
    'required',
    'Observation.component[0].code',
  ],
  [
    'no medication',
    { resourceType: 'MedicationStatement', status: 'active', subject: { reference: 'Patient/1' } },
    'required',
    'MedicationStatement.medication',
  ],
  [
    'a required element missing in an entry',
    bundle({ resourceType: 'Condition' }),
    'required',
    'Bundle.entry[0].resource.subject',
  ],
  ['an empty object', patient({ name: [{}] }), 'invariant', 'Patient.name[0]'],
  [
    'an invariant: data and dataAbsentReason',
    observation({ valueString: 'a', dataAbsentReason: { text: 'b' } }),
    'invariant',
    'Observation',
  ],
  ['an invariant further in', patient({ contact: [{ gender: 'male' }] }), 'invariant', 'Patient.contact[0]'],
  [
    'an extension with a value and extensions',
    patient({
      extension: [{ url: 'http://a.org', valueCode: 'a', extension: [{ url: 'b', valueCode: 'c' }] }],
    }),
    'invariant',
    'Patient.extension[0]',
  ],
  [
    'a reference to nothing contained',
    patient({ managingOrganization: { reference: '#a' } }),
    'invariant',
    'Patient.managingOrganization',
  ],
  [
    'contained in contained',
    patient({ contained: [patient({ contained: [patient()] })] }),
    'invariant',
    'Patient.contained[0]',
  ],
  [
    'a script in the narrative',
    patient({ text: div('<script>alert(1)</script>') }),
    'invariant',
    'Patient.text.div',
  ],
  [
    'a script in a section',
    {
      resourceType: 'Composition',
      status: 'final',
      type: { text: 'a' },
      date: '2026',
      author: [{ display: 'a' }],
      title: 'a',
      section: [{ text: div('<p onclick="a">b</p>') }],
    },
    'invariant',
    'Composition.section[0].text.div',
  ],
  [
    'one link of a bundle twice',
    {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        { fullUrl: 'urn:a', resource: patient() },
        { fullUrl: 'urn:a', resource: patient() },
      ],
    },
    'invariant',
    'Bundle.entry[1].fullUrl',
  ],
])('%s breaks a rule: 422', (_, resource, code, expression) => {
  expect(refusal(resource)).toEqual([422, code, expression]);
});

test('all broken rules are named at once', () => {
  const found = validator.validate({ resourceType: 'Observation', component: [{ valueString: 'a' }] });
  expect(found.flatMap(({ expression }) => expression)).toEqual(
    expect.arrayContaining(['Observation.status', 'Observation.code', 'Observation.component[0].code']),
  );
});

test('nothing of the content is repeated', () => {
  const secret = 'Zebra';
  const wrong: JsonObject[] = [
    { gender: secret },
    { id: `${secret} 1` },
    { birthDate: secret },
    { active: secret },
    { name: [{ use: secret }] },
  ];
  for (const elements of wrong)
    for (const { diagnostics } of validator.validate(patient(elements)))
      expect(diagnostics).not.toContain(secret);
});
