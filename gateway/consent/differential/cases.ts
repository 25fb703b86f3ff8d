import fc from 'fast-check';
import type { Coding, Concept, Consent, Data, Provision, Reader } from './plain-evaluator.ts';

/** Random records, Consents and readers. Who they name is written `{doctor}`, and put in when the gateway knows them. */

/** When all these Consents were written; the one that opened the record was not. */
export const WRITTEN = '2021-03-04';

const THO = 'http://terminology.hl7.org/CodeSystem';
const SNOMED = 'http://snomed.info/sct';
const concept = (system: string, code: string): Concept => ({ coding: [{ system, code }] });
const maybe = <T>(arbitrary: fc.Arbitrary<T>, oftenAbsent = 1): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: oftenAbsent, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const some = <T>(...values: T[]) =>
  fc.subarray(values, { minLength: 1, maxLength: Math.min(values.length, 3) });

/** Without what is undefined, at any depth: JSON as a client sends it. */
const tidy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const label = (code: string): Coding => ({
  system: ['N', 'R', 'V'].includes(code) ? `${THO}/v3-Confidentiality` : `${THO}/v3-ActCode`,
  code,
});
const labels = some('N', 'R', 'V', 'HIV', 'PSY', 'PSYTHPN').map((codes) => codes.map(label));

const dataPeriod = fc.constantFrom(
  { start: '2020-01-01', end: '2020-12-31' },
  { start: '2021-01-01' },
  { end: '2021-06-30' },
  { start: '2020-06-01', end: '2022-06-30' },
);
const period = fc.constantFrom(
  { end: '2020-01-01' },
  { start: '2020-01-01' },
  { start: '2000-01-01', end: '2999-12-31' },
  { start: '2999-01-01' },
);

const actor = fc
  .tuple(
    fc.constantFrom(
      'Practitioner/{doctor}',
      'Practitioner/{doctor}',
      'Practitioner/{other}',
      'Practitioner/{lab}',
      'Organization/hospital',
      'Organization/hospital',
      'Organization/lab',
    ),
    fc.constantFrom('IRCP', 'IRCP', 'CST'),
  )
  .map(([reference, code]) => ({
    role: concept(`${THO}/v3-ParticipationType`, code),
    reference: { reference },
  }));

const conditions = {
  actor: maybe(fc.array(actor, { minLength: 1, maxLength: 2 }), 3),
  action: maybe(
    some('access', 'correct').map((codes) => codes.map((code) => concept(`${THO}/consentaction`, code))),
    8,
  ),
  securityLabel: maybe(labels, 2),
  purpose: maybe(
    some('TREAT', 'ETREAT', 'BTG', 'HPAYMT', 'HRESCH').map((codes) =>
      codes.map((code): Coding => ({ system: `${THO}/v3-ActReason`, code })),
    ),
    5,
  ),
  class: maybe(
    some('Observation', 'Condition', 'Encounter', 'Patient', 'Consent', 'DocumentReference').map((codes) =>
      codes.map((code): Coding => ({ system: 'http://hl7.org/fhir/resource-types', code })),
    ),
    5,
  ),
  code: maybe(
    some('vitals', 'report', 'diagnosis', 'visits', 'allergies', 'notes', 'personal').map((codes) =>
      codes.map((code) => concept('http://fhir-fabric-gateway.org/CodeSystem/record-section', code)),
    ),
    5,
  ),
  period: maybe(period, 8),
  dataPeriod: maybe(dataPeriod, 4),
};
const type = fc.constantFrom('permit', 'permit', 'deny');

const { provision } = fc.letrec<{ provision: Provision }>((tie) => ({
  provision: fc
    .record({
      type,
      ...conditions,
      provision: fc.option(
        fc.array(tie('provision'), { minLength: 1, maxLength: 2, depthIdentifier: 'nested' }),
        { nil: undefined, freq: 3, depthIdentifier: 'nested' },
      ),
    })
    .map(tidy),
}));

/** Mostly of somebody: a permit that names nobody and no section is refused. */
const root = fc
  .tuple(provision, fc.array(actor, { minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: 5 }))
  .map(([given, actors, dice]) => (dice === 0 ? given : { ...given, actor: actors }));

const status = fc.constantFrom('active', 'active', 'active', 'active', 'inactive', 'draft');
const scope = fc.constantFrom(
  'patient-privacy',
  'patient-privacy',
  'patient-privacy',
  'research',
  'treatment',
);

const consent = fc
  .record({ root, status, scope, revoked: fc.integer({ min: 0, max: 7 }).map((dice) => dice === 0) })
  .map(({ root: given, revoked, ...of }) => ({
    revoked,
    consent: {
      resourceType: 'Consent',
      status: of.status,
      scope: concept(`${THO}/consentscope`, of.scope),
      category: [concept('http://loinc.org', '59284-0')],
      patient: { reference: 'Patient/{patient}' },
      dateTime: WRITTEN,
      policyRule: concept(`${THO}/v3-ActCode`, 'OPTIN'),
      provision: given,
    } satisfies Consent & Record<string, unknown>,
  }));

const day = fc.constantFrom(
  '2019-12-31',
  '2020-01-01',
  '2020-12-31',
  '2021-06-30',
  '2021-07-01',
  '2023-05-05',
);
const sensitive = fc.constantFrom('404684003', '404684003', '86406008', '370143000', '75516001');
const subject = { subject: { reference: 'Patient/{patient}' } };
const security = maybe(labels, 1).map((of) => of && { security: of });

const condition = fc
  .record({ meta: security, code: sensitive, onsetDateTime: maybe(day) })
  .map(({ code, ...of }) => ({ resourceType: 'Condition', ...subject, ...of, code: concept(SNOMED, code) }));

const contained = maybe(condition, 2).map((of) => of && [{ ...of, meta: undefined, id: 'inside' }]);

const observation = fc
  .record({
    meta: security,
    category: fc.constantFrom('vital-signs', 'laboratory'),
    code: sensitive,
    effectiveDateTime: maybe(day),
    contained,
  })
  .map(({ category, code, ...of }) => ({
    resourceType: 'Observation',
    status: 'final',
    ...subject,
    ...of,
    ...(of.contained && { derivedFrom: undefined, focus: [{ reference: '#inside' }] }),
    category: [concept(`${THO}/observation-category`, category)],
    code: concept(SNOMED, code),
  }));

const encounter = fc
  .record({ meta: security, start: maybe(day), end: maybe(fc.constantFrom('2023-05-05', '2024-01-01')) })
  .map(({ start, end, meta }) => ({
    resourceType: 'Encounter',
    status: 'finished',
    class: { system: `${THO}/v3-ActCode`, code: 'AMB' },
    ...subject,
    meta,
    period: start === undefined && end === undefined ? undefined : { start, end },
  }));

const allergy = fc.record({ meta: security, onsetDateTime: maybe(day) }).map((of) => ({
  resourceType: 'AllergyIntolerance',
  patient: { reference: 'Patient/{patient}' },
  clinicalStatus: concept(`${THO}/allergyintolerance-clinical`, 'active'),
  ...of,
}));

const documentReference = fc.record({ meta: security, contained }).map((of) => ({
  resourceType: 'DocumentReference',
  status: 'current',
  ...subject,
  ...of,
  ...(of.contained && { context: { related: [{ reference: '#inside' }] } }),
  content: [{ attachment: { title: 'a note' } }],
}));

const data = fc
  .oneof(condition, observation, observation, encounter, allergy, documentReference)
  .map((of): Data => tidy(of));

export const READERS = ['doctor', 'other', 'lab', 'system', 'lab-system', 'hr', 'lab-hr', 'patient'] as const;
export type ReaderName = (typeof READERS)[number];

export interface Case {
  record: Data[];
  consents: { consent: Consent; revoked: boolean }[];
  asked: { by: ReaderName; purpose: Reader['purpose'] }[];
}

const asked = fc.record({
  by: fc.constantFrom<ReaderName>(
    'doctor',
    'doctor',
    'doctor',
    'doctor',
    'doctor',
    'lab',
    'system',
    ...READERS,
  ),
  purpose: fc.constantFrom(
    'TREAT',
    'TREAT',
    'TREAT',
    'TREAT',
    'ETREAT',
    'BTG',
    'HPAYMT',
    'HRESCH',
    'CLINTRCH',
  ),
});

/** A record, its patient's Consents, and three who ask for it. */
export const someCase: fc.Arbitrary<Case> = fc.record({
  record: fc.array(data, { minLength: 2, maxLength: 5 }),
  consents: fc.array(consent, { minLength: 1, maxLength: 4 }),
  asked: fc.array(asked, { minLength: 3, maxLength: 3 }),
});
