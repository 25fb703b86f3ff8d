import type { JsonObject, Resource } from '../resource.ts';
import { classify } from './classify.ts';

const base = 'https://fhir.example/fhir/R4';
const resource = (resourceType: string, members: Omit<Resource, 'resourceType'> = {}): Resource => ({
  resourceType,
  ...members,
});
const to = (reference: string) => ({ reference });
const patientOf = (r: Resource, resolve?: (reference: string) => string | undefined) =>
  classify(r, { base, ...(resolve && { resolve }) });

describe('the owner', () => {
  test.each([
    resource('Observation', { subject: to('Patient/1') }),
    resource('Observation', { subject: to('Patient/1/_history/7') }),
    resource('Observation', { subject: to(`${base}/Patient/1`) }),
    resource('Observation', {
      subject: to('Patient/1'),
      performer: [to('Patient/2')],
      focus: [to('Patient/3')],
    }),
    resource('Coverage', {
      beneficiary: to('Patient/1'),
      policyHolder: to('Patient/2'),
      payor: [to('Patient/3')],
    }),
    resource('EnrollmentRequest', { candidate: to('Patient/1') }),
    resource('Task', { for: to('Patient/1'), requester: to('Patient/2') }),
    resource('ResearchSubject', { individual: to('Patient/1') }),
    resource('Appointment', { participant: [{ actor: to('Practitioner/9') }, { actor: to('Patient/1') }] }),
    resource('AppointmentResponse', { actor: to('Patient/1') }),
    resource('Account', {
      subject: [to('Practitioner/9'), to('Patient/1')],
      guarantor: [{ party: to('Patient/2') }],
    }),
    resource('SupplyRequest', { deliverTo: to('Patient/1') }),
    resource('Person', { link: [{ target: to('RelatedPerson/4') }, { target: to('Patient/1') }] }),
    resource('Patient', { id: '1', link: [{ other: to('Patient/2') }] }),
    resource('Provenance', { target: [to('Patient/1'), to('Organization/5')] }),
  ])('%j is in the record of Patient 1', (r) => {
    const { home, patient, problem } = patientOf(r);
    expect({ home, patient, problem }).toEqual({ home: 'patient', patient: '1', problem: undefined });
  });

  test.each([
    [resource('Observation'), 'Observation.subject'],
    [
      resource('Observation', { subject: { type: 'Patient', identifier: { value: '1' } } }),
      'Observation.subject',
    ],
    [resource('Observation', { subject: { display: 'Maragret' } }), 'Observation.subject'],
    [resource('Observation', { subject: to('https://elsewhere.example/Patient/1') }), 'Observation.subject'],
    [
      resource('Observation', { subject: to('urn:uuid:9c0c9a0f-2d8a-d1b7-9698-9b1636465a6d') }),
      'Observation.subject',
    ],
    [resource('Observation', { subject: to('Patient?identifier=1') }), 'Observation.subject'],
    [resource('Observation', { subject: to('Alien/1') }), 'Observation.subject'],
    [
      resource('Observation', { subject: to('#p'), contained: [{ resourceType: 'Patient', id: 'p' }] }),
      'Observation.subject',
    ],
    [resource('Observation', { subject: 'Patient/1' }), 'Observation.subject'],
    [resource('Consent'), 'Consent.patient'],
    [resource('AllergyIntolerance', { patient: to('Group/1') }), 'AllergyIntolerance.patient'],
    [resource('Account', { subject: [to('Patient/1'), to('Patient/2')] }), 'Account.subject'],
    [
      resource('Appointment', { participant: [{ actor: to('Patient/1') }, { actor: to('Patient/2') }] }),
      'Appointment.participant.actor',
    ],
    [
      resource('Appointment', { participant: [{ actor: to('Practitioner/1') }] }),
      'Appointment.participant.actor',
    ],
    [resource('Provenance', { target: [to('Observation/1')] }), 'Provenance.target'],
    [resource('Patient'), 'Patient.id'],
  ])('%j has none, and the element is named', (r, expression) => {
    const { patient, problem } = patientOf(r);
    expect(patient).toBeUndefined();
    expect(problem).toMatchObject({ code: 'no-owner', expression });
  });

  test.each([
    resource('Observation', { subject: to('Location/1') }),
    resource('Observation', { subject: to('Device/1') }),
    resource('Condition', { subject: to('Group/1') }),
    resource('Device'),
    resource('Medication'),
    resource('AppointmentResponse', { actor: to('Practitioner/1') }),
    resource('Provenance', { target: [to('Practitioner/1')] }),
    resource('Person', { link: [{ target: to('Practitioner/4') }] }),
  ])('%j belongs to the organisation that writes it', (r) => {
    expect(patientOf(r)).toMatchObject({ home: 'attached' });
    expect(patientOf(r).problem).toBeUndefined();
  });

  test('a Provenance is in the record of what it is about, and of one record only', () => {
    const owners: Record<string, string> = { 'Observation/1': '1', 'Observation/2': '2' };
    const resolve = (reference: string) => owners[reference];
    const about = (...targets: string[]) =>
      patientOf(resource('Provenance', { target: targets.map(to) }), resolve);
    expect(about('Observation/1/_history/3')).toMatchObject({ patient: '1' });
    expect(about('Patient/1', 'Observation/1')).toMatchObject({ patient: '1' });
    expect(about('Patient/1', 'Observation/2').problem).toMatchObject({ code: 'no-owner' });
    // What the writer may not see is as if it were not there.
    expect(about('Patient/1', 'Observation/3')).toMatchObject({ patient: '1' });
    expect(
      patientOf(resource('EnrollmentResponse', { request: to('Observation/2') }), resolve),
    ).toMatchObject({ patient: '2' });
  });

  test('AuditEvents are the server’s own', () => {
    const event = resource('AuditEvent', { entity: [{ what: to('Patient/1') }] });
    expect(patientOf(event)).toMatchObject({ patient: '1', problem: { code: 'not-writable' } });
  });

  test.each([
    ['Practitioner', 'directory'],
    ['ValueSet', 'definitional'],
    ['Group', 'administrative'],
  ])('%s has the home %s', (type, home) => {
    expect(classify(resource(type))).toMatchObject({ home });
  });

  test('a type that R4 does not have is a problem, not an exception', () => {
    expect(classify(resource('__proto__')).problem).toMatchObject({ code: 'unknown-type' });
  });
});

describe('the section', () => {
  const loinc = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] });
  const category = (code: string) => [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code }] },
  ];
  const service = (system: string, code: string) => [{ coding: [{ system, code }] }];
  test.each([
    [resource('Observation', { code: loinc('882-1'), category: category('laboratory') }), 'bloodGroup'],
    [resource('Observation', { code: loinc('2339-0'), category: category('laboratory') }), 'report'],
    [resource('Observation', { code: loinc('2339-0') }), 'vitals'],
    [resource('Observation', { code: loinc('8867-4') }), 'vitals'],
    [resource('Observation', { code: loinc('1-8'), category: category('vital-signs') }), 'vitals'],
    [
      resource('Observation', { code: { coding: [{ system: 'http://elsewhere.example', code: '8867-4' }] } }),
      'other',
    ],
    [
      resource('Observation', {
        category: [{ coding: [{ system: 'http://elsewhere.example', code: 'laboratory' }] }],
      }),
      'other',
    ],
    [resource('Observation', { category: category('imaging') }), 'report'],
    [resource('Observation', { code: loinc('75325-1') }), 'symptoms'],
    [resource('Observation', { category: category('social-history') }), 'other'],
    [
      resource('DiagnosticReport', {
        category: service('http://terminology.hl7.org/CodeSystem/v2-0074', 'LAB'),
      }),
      'report',
    ],
    [resource('DiagnosticReport', { category: service('http://loinc.org', 'LP29684-5') }), 'report'],
    [resource('DiagnosticReport', { category: service('http://loinc.org', '34117-2') }), 'notes'],
    [resource('DiagnosticReport'), 'notes'],
    [resource('Condition'), 'diagnosis'],
    [resource('ImagingStudy'), 'radio'],
    [resource('Provenance'), 'other'],
  ])('%j is in %s', (r, section) => {
    expect(classify(r).facets[0]).toMatchObject({ section });
  });
});

describe('the facets', () => {
  test('labels are those of meta.security', () => {
    const meta: JsonObject = { security: [{ system: 's', code: 'R' }, { code: 'N' }] };
    expect(classify(resource('Condition', { meta, subject: to('Patient/1') })).facets[0]?.labels).toEqual([
      's|R',
      '|N',
    ]);
  });

  test('what a container contains counts with it, whatever its own subject says', () => {
    const { patient, facets } = classify(
      resource('ExplanationOfBenefit', {
        patient: to('Patient/1'),
        contained: [
          resource('ServiceRequest', { subject: to('Patient/2'), authoredOn: '2020' }),
          resource('Practitioner'),
          resource('Device'),
          resource('Bundle', { entry: [{ resource: resource('Condition') }] }),
        ],
      }),
    );
    expect(patient).toBe('1');
    expect(facets.map(({ type, section }) => `${type} ${section}`)).toEqual([
      'ExplanationOfBenefit financial',
      'ServiceRequest orders',
      'Condition diagnosis',
    ]);
  });
});
