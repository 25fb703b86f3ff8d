import { SECTION_SYSTEM, type Rule } from '@fhir-fabric-gateway/chaincode/api';
import type { Json, JsonObject, Resource } from '../resource.ts';
import { compileConsent } from './compile.ts';

/** Every line of the tables in docs/adr/0025: what is enforced, what is refused by name, what describes. */

const THO = 'http://terminology.hl7.org/CodeSystem';
const concept = (system: string, ...codes: string[]): JsonObject => ({
  coding: codes.map((code) => ({ system, code })),
});
const role = (code: string): JsonObject => concept(`${THO}/v3-ParticipationType`, code);
const actor = (reference: string, as = 'IRCP'): JsonObject => ({ role: role(as), reference: { reference } });
const doctor = { type: 'permit', actor: [actor('Practitioner/2')] };
const ofDoctor: Rule = { type: 'permit', actors: ['Practitioner/2'] };

const consent = (provision: JsonObject, more: JsonObject = {}): Resource => ({
  resourceType: 'Consent',
  status: 'active',
  scope: concept(`${THO}/consentscope`, 'patient-privacy'),
  category: [concept('http://loinc.org', '59284-0')],
  patient: { reference: 'Patient/1' },
  policyRule: concept(`${THO}/v3-ActCode`, 'OPTIN'),
  provision,
  ...more,
});

/** The element at the root, and as an exception to exceptions: nested provisions take what the root takes. */
const depths: [string, string, (provision: JsonObject) => JsonObject][] = [
  ['the root', 'Consent.provision', (provision) => ({ ...doctor, ...provision })],
  [
    'the fourth level',
    'Consent.provision.provision[0].provision[1].provision[0]',
    (provision) => ({
      ...doctor,
      provision: [
        {
          type: 'deny',
          provision: [
            { type: 'permit' },
            { type: 'deny', provision: [{ ...doctor, type: 'deny', ...provision }] },
          ],
        },
      ],
    }),
  ],
];

function deepest(resource: Resource): Rule {
  const compiled = compileConsent(resource);
  if (compiled.effect !== 'grant') throw new TypeError(JSON.stringify(compiled));
  let rule = compiled.grants['Practitioner/2'];
  for (let next = rule?.rules?.at(-1); next; next = next.rules?.at(-1)) rule = next;
  if (!rule) throw new TypeError('no rule');
  return rule;
}

const moment = (text: string) => Date.parse(text);

describe.each(depths)('an element of a provision at %s', (_depth, path, at) => {
  test.each<[string, JsonObject, Partial<Rule>]>([
    ['type permit', { type: 'permit' }, { type: 'permit' }],
    ['type deny', { type: 'deny' }, { type: 'deny' }],
    [
      'period',
      { period: { start: '2026-01-02', end: '2026-01-02' } },
      { period: [moment('2026-01-02T00:00:00Z'), moment('2026-01-02T23:59:59.999Z')] },
    ],
    [
      'actor: Practitioner, Organization, its systems',
      { actor: [actor('Practitioner/2', 'PRCP'), actor('Organization/5'), actor('Organization/6', 'CST')] },
      { actors: ['Practitioner/2', 'Organization/5|IRCP', 'Organization/6|CST'] },
    ],
    [
      'action',
      {
        action: [concept(`${THO}/consentaction`, 'access'), concept(`${THO}/consentaction`, 'correct')],
      },
      { actions: ['access', 'correct'] },
    ],
    [
      'securityLabel',
      { securityLabel: [{ system: `${THO}/v3-ActCode`, code: 'PSY' }] },
      { labels: [`${THO}/v3-ActCode|PSY`] },
    ],
    ['purpose', { purpose: [{ system: `${THO}/v3-ActReason`, code: 'HPAYMT' }] }, { purposes: ['HPAYMT'] }],
    [
      'class',
      { class: [{ system: 'http://hl7.org/fhir/resource-types', code: 'Condition' }] },
      { classes: ['Condition'] },
    ],
    ['code', { code: [concept(SECTION_SYSTEM, 'vitals')] }, { sections: ['vitals'] }],
    ['dataPeriod', { dataPeriod: { start: '2025' } }, { dataPeriod: [moment('2025-01-01'), null] }],
  ])('is enforced: %s', (_element, provision, rule) => {
    expect(deepest(consent(at(provision)))).toMatchObject(rule);
  });

  test.each<[string, JsonObject, string]>([
    ['type: another word', { type: 'allow' }, 'type'],
    ['period without an end or a start', { period: {} }, 'period'],
    ...['Device/1', 'Group/1', 'CareTeam/1', 'Patient/1', 'RelatedPerson/1', 'PractitionerRole/1'].map(
      (party): [string, JsonObject, string] => [
        `actor.reference: ${party}`,
        { actor: [actor(party)] },
        'actor[0].reference',
      ],
    ),
    [
      'actor.reference by identifier',
      { actor: [{ role: role('IRCP'), reference: { identifier: { value: '1' } } }] },
      'actor[0].reference',
    ],
    ...['AUT', 'INF', 'DELEGATEE'].map((code): [string, JsonObject, string] => [
      `actor.role: ${code}`,
      { actor: [actor('Practitioner/2', code)] },
      'actor[0].role',
    ]),
    [
      'actor.role of an Organization that receives first',
      { actor: [actor('Organization/5', 'PRCP')] },
      'actor[0].role',
    ],
    ...['collect', 'use', 'disclose'].map((code): [string, JsonObject, string] => [
      `action: ${code}`,
      { action: [concept(`${THO}/consentaction`, code)] },
      'action[0]',
    ]),
    ['securityLabel without a code', { securityLabel: [{ system: 'urn:s' }] }, 'securityLabel[0]'],
    [
      'purpose of another code system',
      { purpose: [{ system: 'http://example.org/purposes', code: 'FooBar' }] },
      'purpose[0]',
    ],
    [
      'purpose that is a reason, and no purpose of use',
      { purpose: [{ system: `${THO}/v3-ActReason`, code: 'PATCAR' }] },
      'purpose[0]',
    ],
    [
      'class: media types and profiles',
      { class: [{ system: 'urn:ietf:bcp:13', code: 'application/pdf' }] },
      'class[0]',
    ],
    ['code: clinical codes', { code: [concept('http://loinc.org', '718-7')] }, 'code[0]'],
    ['dataPeriod that ends first', { dataPeriod: { start: '2026', end: '2025' } }, 'dataPeriod'],
    ...['instance', 'related', 'dependents', 'authoredby'].map((meaning): [string, JsonObject, string] => [
      `data: ${meaning}`,
      { data: [{ meaning, reference: { reference: 'Observation/1' } }] },
      'data',
    ]),
    ['modifierExtension', { modifierExtension: [{ url: 'urn:x' }] }, 'modifierExtension'],
  ])('is refused by name: %s', (_element, provision, expression) => {
    expect(compileConsent(consent(at(provision)))).toMatchObject({
      effect: 'problems',
      problems: [{ expression: `${path}.${expression}` }],
    });
  });

  test.each<[string, JsonObject]>([
    ['id', { id: 'p1' }],
    ['extension', { extension: [{ url: 'urn:x', valueString: 'y' }] }],
    ['actor.reference.display', { actor: [{ ...actor('Practitioner/2'), id: 'a' }] }],
  ])('describes, and changes nothing: %s', (_element, provision) => {
    expect(compileConsent(consent(at(provision)))).toEqual(compileConsent(consent(at({}))));
  });
});

test('a permit right below a permit decides nothing, and is refused by name, unless it has exceptions', () => {
  const vitals = { type: 'permit', code: [concept(SECTION_SYSTEM, 'vitals')] };
  expect(compileConsent(consent({ ...doctor, provision: [vitals] }))).toMatchObject({
    effect: 'problems',
    problems: [{ expression: 'Consent.provision.provision[0].type' }],
  });
  const excepted = { ...vitals, provision: [{ type: 'deny' }] };
  expect(compileConsent(consent({ ...doctor, provision: [excepted] })).effect).toBe('grant');
});

test('a root provision without a type is what the policy rule says; a nested one must say', () => {
  const { type: _type, ...untyped } = doctor;
  const optOut = { policyRule: concept(`${THO}/v3-ActCode`, 'OPTOUT') };
  expect(deepest(consent(untyped))).toEqual(ofDoctor);
  expect(deepest(consent(untyped, optOut))).toEqual({ ...ofDoctor, type: 'deny' });
});

describe('an element of a Consent', () => {
  test.each<[string, JsonObject, string]>([
    ['status active', { status: 'active' }, 'grant'],
    ['status proposed', { status: 'proposed' }, 'ask'],
    ['status draft', { status: 'draft' }, 'none'],
    ['status inactive', { status: 'inactive' }, 'none'],
    ['status rejected', { status: 'rejected' }, 'none'],
    ['status entered-in-error', { status: 'entered-in-error' }, 'none'],
    ['scope treatment', { scope: concept(`${THO}/consentscope`, 'treatment') }, 'none'],
    ['scope adr', { scope: concept(`${THO}/consentscope`, 'adr') }, 'none'],
  ])('is enforced: %s', (_element, more, effect) => {
    expect(compileConsent(consent(doctor, more)).effect).toBe(effect);
  });

  test('is enforced: scope research is for research alone', () => {
    const research = consent(doctor, { scope: concept(`${THO}/consentscope`, 'research') });
    expect(deepest(research).purposes).toContain('HRESCH');
    expect(deepest(research).purposes).not.toContain('TREAT');
  });

  test.each<[string, JsonObject, string]>([
    ['status', { status: 'sleeping' }, 'Consent.status'],
    ['scope', { scope: concept('urn:elsewhere', 'patient-privacy') }, 'Consent.scope'],
    ['policy.uri', { policy: [{ uri: 'urn:unheard-of' }] }, 'Consent.policy[0].uri'],
    ['policy without a uri', { policy: [{ authority: 'urn:a' }] }, 'Consent.policy[0].uri'],
    ['policyRule', { policyRule: concept(`${THO}/v3-ActCode`, 'OPTINR') }, 'Consent.policyRule'],
    ['no policyRule and no policy', { policyRule: {} }, 'Consent.policyRule'],
    ['modifierExtension', { modifierExtension: [{ url: 'urn:x' }] }, 'Consent.modifierExtension'],
    ['implicitRules', { implicitRules: 'urn:rules' }, 'Consent.implicitRules'],
    ['no provision', { provision: null as Json }, 'Consent.provision'],
  ])('is refused by name: %s', (_element, more, expression) => {
    expect(compileConsent(consent(doctor, more))).toMatchObject({
      effect: 'problems',
      problems: [{ expression }],
    });
  });

  test.each<[string, JsonObject]>([
    ['identifier', { identifier: [{ value: '7' }] }],
    ['category', { category: [concept('http://loinc.org', '64292-6')] }],
    ['dateTime', { dateTime: '2026-01-01' }],
    ['performer', { performer: [{ reference: 'Patient/1' }] }],
    ['organization', { organization: [{ reference: 'Organization/5' }] }],
    ['sourceAttachment', { sourceAttachment: { title: 'signed' } }],
    ['sourceReference', { sourceReference: { reference: 'DocumentReference/9' } }],
    ['verification', { verification: [{ verified: false }] }],
    ['text', { text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">no</div>' } }],
    ['language', { language: 'de' }],
    ['extension', { extension: [{ url: 'urn:x', valueBoolean: true }] }],
  ])('describes, and changes nothing: %s', (_element, more) => {
    expect(compileConsent(consent(doctor, more))).toEqual(compileConsent(consent(doctor)));
  });
});
