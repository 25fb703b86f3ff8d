import { SECTION_SYSTEM } from '@fhir-fabric-gateway/chaincode/api';
import type { Json, JsonObject, Resource } from '../resource.ts';
import { compileConsent } from './compile.ts';

const concept = (system: string, code: string): JsonObject => ({ coding: [{ system, code }] });
const THO = 'http://terminology.hl7.org/CodeSystem';
const section = (code: string) => concept(SECTION_SYSTEM, code);
const action = (code: string) => concept(`${THO}/consentaction`, code);
const purpose = (code: string): JsonObject => ({ system: `${THO}/v3-ActReason`, code });
const type = (code: string): JsonObject => ({ system: 'http://hl7.org/fhir/resource-types', code });
const actor = (reference: string, role = 'IRCP'): JsonObject => ({
  role: concept(`${THO}/v3-ParticipationType`, role),
  reference: { reference },
});

/** The Consent that the gateway's documentation shows, with this provision. */
const consent = (provision: Json | undefined, members: JsonObject = {}): Resource => ({
  resourceType: 'Consent',
  status: 'active',
  scope: concept(`${THO}/consentscope`, 'patient-privacy'),
  category: [concept('http://loinc.org', '59284-0')],
  patient: { reference: 'Patient/1' },
  dateTime: '2026-01-01T00:00:00Z',
  policyRule: concept(`${THO}/v3-ActCode`, 'OPTIN'),
  ...(provision !== undefined && { provision }),
  ...members,
});
const POLICY = 'https://policies.example/base-deny';
const optIn = { system: `${THO}/v3-ActCode`, code: 'OPTIN' };
const alien = { system: 'https://elsewhere.example', code: 'alien' };
const scopes = (...codes: string[]): JsonObject => ({
  coding: codes.map((code) => ({ system: `${THO}/consentscope`, code })),
});
const sectionCoding = (code: string): JsonObject[] => [{ system: SECTION_SYSTEM, code }];
const optOut = { policyRule: concept(`${THO}/v3-ActCode`, 'OPTOUT') };
const doctor = { type: 'permit', actor: [actor('Practitioner/2')] };
const ofDoctor = { type: 'permit', actors: ['Practitioner/2'] };

test.each<[string, Json, string]>([
  ['right below', { type: 'deny', provision: [{ type: 'permit' }] }, 'provision[0].actor'],
  [
    'for one section',
    { type: 'deny', provision: [{ type: 'deny' }, { type: 'permit', code: [section('allergies')] }] },
    'provision[1].actor',
  ],
  [
    'deeper',
    { type: 'deny', provision: [{ type: 'deny', provision: [{ type: 'permit' }] }] },
    'provision[0].provision[0].actor',
  ],
])('a deny for everyone does not hide a permit to anybody: %s', (_, provision, at) => {
  expect(compileConsent(consent(provision))).toMatchObject({
    effect: 'problems',
    problems: [{ expression: `Consent.provision.${at}` }],
  });
});

test('a deny for everyone may except those whom it names, and what they may do in part', () => {
  const provision = {
    type: 'deny',
    provision: [{ ...doctor, provision: [{ type: 'deny', provision: [{ type: 'permit' }] }] }],
  };
  expect(compileConsent(consent(provision)).effect).toBe('grant');
});

describe('what is granted', () => {
  test.each<[string, Resource, Record<string, unknown>]>([
    ['everything to a doctor', consent(doctor), { 'Practitioner/2': ofDoctor }],
    [
      'to several, under each',
      consent({ type: 'permit', actor: [actor('Practitioner/2', 'PRCP'), actor('Organization/5', 'CST')] }),
      {
        'Practitioner/2': { type: 'permit', actors: ['Practitioner/2', 'Organization/5|CST'] },
        'Organization/5': { type: 'permit', actors: ['Practitioner/2', 'Organization/5|CST'] },
      },
    ],
    [
      'a permit when OPTIN has no type',
      consent({ actor: [actor('Practitioner/2')] }),
      { 'Practitioner/2': ofDoctor },
    ],
    ['a deny for everyone when OPTOUT has no type', consent({}, optOut), { '*': { type: 'deny' } }],
    [
      'a deny of one doctor',
      consent({ type: 'deny', actor: [actor('Practitioner/2')] }),
      { 'Practitioner/2': { type: 'deny', actors: ['Practitioner/2'] } },
    ],
    [
      'an exception from a deny for everyone',
      consent({ type: 'deny', provision: [doctor] }),
      { '*': { type: 'deny', rules: [ofDoctor] } },
    ],
    [
      'every condition',
      consent({
        ...doctor,
        action: [action('access')],
        class: [type('Observation'), type('Condition')],
        code: [section('vitals')],
        securityLabel: [{ system: 's', code: 'R' }, { code: 'N' }],
        purpose: [purpose('TREAT')],
        period: { start: '2026-03', end: '2026-04-01' },
        dataPeriod: { start: '2025' },
        provision: [
          {
            type: 'deny',
            code: [section('symptoms')],
            provision: [{ type: 'permit', purpose: [purpose('ETREAT')] }],
          },
        ],
      }),
      {
        'Practitioner/2': {
          ...ofDoctor,
          actions: ['access'],
          classes: ['Observation', 'Condition'],
          sections: ['vitals'],
          labels: ['s|R', '|N'],
          purposes: ['TREAT'],
          period: [Date.parse('2026-03-01T00:00:00Z'), Date.parse('2026-04-01T23:59:59.999Z')],
          dataPeriod: [Date.parse('2025-01-01T00:00:00Z'), null],
          rules: [
            { type: 'deny', sections: ['symptoms'], rules: [{ type: 'permit', purposes: ['ETREAT'] }] },
          ],
        },
      },
    ],
    [
      'under a configured policy',
      consent(doctor, { policyRule: [], policy: [{ uri: POLICY, authority: 'https://policies.example' }] }),
      { 'Practitioner/2': ofDoctor },
    ],
  ])('%s', (_name, resource, grants) => {
    const { policyRule, ...rest } = resource;
    const given = Array.isArray(policyRule) ? { ...rest, resourceType: 'Consent' } : resource;
    expect(compileConsent(given, { policyUris: [POLICY] })).toEqual({
      effect: 'grant',
      grants,
    });
  });

  test('an absolute reference to this server is the same doctor', () => {
    const base = 'https://fhir.example/fhir/R4';
    const resource = consent({ type: 'permit', actor: [actor(`${base}/Practitioner/2/_history/3`)] });
    expect(compileConsent(resource, { base })).toEqual({
      effect: 'grant',
      grants: { 'Practitioner/2': ofDoctor },
    });
  });

  test.each(['IRCP', 'PRCP', 'CST'])('a doctor may be named as %s', (role) => {
    expect(compileConsent(consent({ type: 'permit', actor: [actor('Practitioner/2', role)] }))).toEqual({
      effect: 'grant',
      grants: { 'Practitioner/2': ofDoctor },
    });
  });

  test.each(['Practitioner', 'http://hl7.org/fhir/StructureDefinition/Practitioner'])(
    'a reference may say that it is of the type %s',
    (of) => {
      const named = { ...actor('Practitioner/2'), reference: { reference: 'Practitioner/2', type: of } };
      expect(compileConsent(consent({ type: 'permit', actor: [named] }))).toMatchObject({ effect: 'grant' });
    },
  );

  test('a text or display beside a coding is its label, and changes nothing', () => {
    const label = (coded: JsonObject, display: string): JsonObject => ({ ...coded, text: display });
    const plain = consent({ ...doctor, code: [section('vitals')], action: [action('access')] });
    const labelled = consent(
      {
        type: 'permit',
        actor: [
          {
            ...actor('Practitioner/2'),
            role: label(concept(`${THO}/v3-ParticipationType`, 'IRCP'), 'reader'),
          },
        ],
        code: [label({ coding: [{ ...sectionCoding('vitals')[0], display: 'Vital signs' }] }, 'vital signs')],
        action: [label(action('access'), 'read')],
      },
      { scope: label(scopes('patient-privacy'), 'privacy'), policyRule: { coding: [optIn], text: 'opt in' } },
    );
    expect(compileConsent(labelled)).toEqual(compileConsent(plain));
    expect(compileConsent(plain)).toMatchObject({ effect: 'grant' });
  });

  test('who agrees to research agrees to research only', () => {
    const compiled = compileConsent(
      consent(
        { type: 'permit', actor: [actor('Organization/5')] },
        { scope: concept(`${THO}/consentscope`, 'research') },
      ),
    );
    if (compiled.effect !== 'grant') throw new TypeError(compiled.effect);
    expect(compiled.grants['Organization/5']?.purposes).toContain('HRESCH');
    expect(compiled.grants['Organization/5']?.purposes).not.toContain('TREAT');
  });
});

test('a permit without an actor makes its sections not private', () => {
  expect(compileConsent(consent({ type: 'permit', code: [section('allergies')] }))).toEqual({
    effect: 'privacy',
    rule: { type: 'permit', sections: ['allergies'] },
  });
});

test.each([
  [{ status: 'proposed' }, 'ask'],
  [{ status: 'inactive' }, 'none'],
  [{ status: 'rejected' }, 'none'],
  [{ status: 'entered-in-error' }, 'none'],
  [{ status: 'draft' }, 'none'],
  [{ scope: concept(`${THO}/consentscope`, 'treatment') }, 'none'],
  [{ scope: concept(`${THO}/consentscope`, 'adr') }, 'none'],
  [{ scope: scopes('treatment', 'adr') }, 'none'],
])('%j: %s', (members, effect) => {
  expect(compileConsent(consent(doctor, members))).toEqual({ effect });
});

test('a revocation never fails, whatever the Consent said', () => {
  expect(compileConsent(consent({ data: [{}] }, { status: 'inactive' }))).toEqual({ effect: 'none' });
});

describe('what can’t be enforced is refused and named', () => {
  const nested = (levels: number): JsonObject =>
    levels === 0 ? { type: 'deny' } : { type: 'deny', provision: [nested(levels - 1)] };
  test.each<[Resource, string]>([
    [consent(undefined), 'Consent.provision'],
    [consent({ type: 'permit' }), 'Consent.provision.actor'],
    [consent({ type: 'permit', class: [type('Observation')] }), 'Consent.provision.actor'],
    [
      consent({ type: 'permit', code: [section('vitals')], action: [action('correct')] }),
      'Consent.provision.action',
    ],
    [consent(doctor, { status: 'perhaps' }), 'Consent.status'],
    [consent(doctor, { scope: { text: 'privacy' } }), 'Consent.scope'],
    [consent(doctor, { scope: scopes('patient-privacy', 'research') }), 'Consent.scope'],
    [consent(doctor, { scope: scopes('patient-privacy', 'treatment') }), 'Consent.scope'],
    [consent(doctor, { scope: scopes('patient-privacy', 'alien') }), 'Consent.scope'],
    [consent(doctor, { policyRule: concept(`${THO}/v3-ActCode`, 'OPTINR') }), 'Consent.policyRule'],
    [consent(doctor, { policyRule: { text: 'as we agreed' } }), 'Consent.policyRule'],
    [consent(doctor, { policyRule: { coding: [optIn, alien] } }), 'Consent.policyRule'],
    [
      consent(doctor, { policyRule: { coding: [optIn, { ...optIn, code: 'OPTOUT' }] } }),
      'Consent.policyRule',
    ],
    [consent(doctor, { policy: [{ uri: 'https://elsewhere.example' }] }), 'Consent.policy[0].uri'],
    [consent(doctor, { policy: [{ authority: 'https://policies.example' }] }), 'Consent.policy[0].uri'],
    [consent(doctor, { policy: [] }), 'Consent.policy'],
    [
      consent(doctor, { policy: [{ uri: POLICY }, { uri: 'https://elsewhere.example' }] }),
      'Consent.policy[1].uri',
    ],
    [
      consent(doctor, { policy: [{ uri: POLICY, modifierExtension: [{ url: 'x' }] }] }),
      'Consent.policy[0].modifierExtension',
    ],
    [consent(doctor, { implicitRules: 'https://elsewhere.example' }), 'Consent.implicitRules'],
    [consent(doctor, { modifierExtension: [{ url: 'x' }] }), 'Consent.modifierExtension'],
    [consent({ ...doctor, modifierExtension: [{ url: 'x' }] }), 'Consent.provision.modifierExtension'],
    [
      consent({ type: 'permit', actor: [{ ...actor('Practitioner/2'), modifierExtension: [] }] }),
      'Consent.provision.actor[0].modifierExtension',
    ],
    [consent({ ...doctor, data: [{}] }), 'Consent.provision.data'],
    [consent({ type: 'permit', actor: [actor('Patient/2')] }), 'Consent.provision.actor[0].reference'],
    [
      consent({ type: 'permit', actor: [actor('PractitionerRole/2')] }),
      'Consent.provision.actor[0].reference',
    ],
    [
      consent({ type: 'permit', actor: [actor('https://elsewhere.example/Practitioner/2')] }),
      'Consent.provision.actor[0].reference',
    ],
    [
      consent({ type: 'permit', actor: [actor('Organization/5', 'PRCP')] }),
      'Consent.provision.actor[0].role',
    ],
    [consent({ type: 'permit', actor: [actor('Practitioner/2', 'AUT')] }), 'Consent.provision.actor[0].role'],
    [consent({ type: 'permit', actor: [actor('Practitioner/2', 'INF')] }), 'Consent.provision.actor[0].role'],
    ...[
      { text: 'on night duty' },
      { coding: [] },
      { coding: [alien] },
      concept(`${THO}/v3-RoleCode`, 'IRCP'),
      { coding: [{ system: `${THO}/v3-ParticipationType`, code: 'IRCP' }, alien] },
    ].map((role): [Resource, string] => [
      consent({ ...doctor, actor: [{ ...actor('Practitioner/2'), role }] }),
      'Consent.provision.actor[0].role',
    ]),
    [
      consent({ ...doctor, actor: [{ reference: { reference: 'Practitioner/2' } }] }),
      'Consent.provision.actor[0].role',
    ],
    ...['Organization', 'Patient', '', 2].map((other): [Resource, string] => [
      consent({
        ...doctor,
        actor: [{ ...actor('Practitioner/2'), reference: { reference: 'Practitioner/2', type: other } }],
      }),
      'Consent.provision.actor[0].reference.type',
    ]),
    [consent({ type: 'permit', actor: [] }), 'Consent.provision.actor'],
    [consent({ ...doctor, code: [{ text: 'vitals' }] }), 'Consent.provision.code[0]'],
    [
      consent({ ...doctor, code: [{ coding: [...sectionCoding('vitals'), alien] }] }),
      'Consent.provision.code[0]',
    ],
    [
      consent({ ...doctor, purpose: [purpose('HRESCH'), purpose('TREAT')] }, { scope: scopes('research') }),
      'Consent.provision.purpose[1]',
    ],
    [consent(undefined, { status: 'proposed' }), 'Consent.provision'],
    [consent({ ...doctor, action: [action('disclose')] }), 'Consent.provision.action[0]'],
    [
      consent({ ...doctor, class: [{ system: 'urn:ietf:bcp:13', code: 'application/hl7-cda+xml' }] }),
      'Consent.provision.class[0]',
    ],
    [consent({ ...doctor, class: [type('Alien')] }), 'Consent.provision.class[0]'],
    [consent({ ...doctor, code: [concept('http://loinc.org', '718-7')] }), 'Consent.provision.code[0]'],
    [consent({ ...doctor, code: [section('everything')] }), 'Consent.provision.code[0]'],
    [consent({ ...doctor, purpose: [{ system: 'x', code: 'TREAT' }] }), 'Consent.provision.purpose[0]'],
    [consent({ ...doctor, purpose: [purpose('ALIEN')] }), 'Consent.provision.purpose[0]'],
    [consent({ ...doctor, securityLabel: [{ system: 's' }] }), 'Consent.provision.securityLabel[0]'],
    [consent({ ...doctor, period: { start: '2026-02', end: '2026-01' } }), 'Consent.provision.period'],
    [consent({ ...doctor, period: { start: 'soon' } }), 'Consent.provision.period'],
    [consent({ ...doctor, period: {} }), 'Consent.provision.period'],
    [
      consent({ ...doctor, dataPeriod: { start: '2026', _end: { extension: [] } } }),
      'Consent.provision.dataPeriod.end',
    ],
    [
      consent({ ...doctor, provision: [{ code: [section('vitals')] }] }),
      'Consent.provision.provision[0].type',
    ],
    [
      consent({ ...doctor, provision: [{ type: 'deny' }, { type: 'deny', data: [{}] }] }),
      'Consent.provision.provision[1].data',
    ],
    [consent({ ...doctor, type: 'maybe' }), 'Consent.provision.type'],
    [consent(nested(17)), `Consent.provision${'.provision[0]'.repeat(16)}.provision`],
    [consent({ ...doctor, data: [{}] }, { status: 'proposed' }), 'Consent.provision.data'],
  ])('%j', (resource, expression) => {
    const compiled = compileConsent(resource, { policyUris: [POLICY] });
    if (compiled.effect !== 'problems') throw new TypeError(compiled.effect);
    expect(compiled.problems.map((problem) => problem.expression)).toEqual([expression]);
  });

  test('all at once', () => {
    const compiled = compileConsent(consent({ type: 'maybe', data: [{}], purpose: [{}] }));
    expect(compiled).toMatchObject({ effect: 'problems', problems: [{}, {}, {}] });
  });
});
