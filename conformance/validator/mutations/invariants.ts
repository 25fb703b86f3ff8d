import { isObject, type JsonObject } from '../../clients/resource.ts';
import type { Place } from '../places.ts';
import type { Mutation } from './mutation.ts';

const name = 'broken invariant';

/** Breaks a rule of a data type. */
const ofType = (type: string, broken: JsonObject): Mutation => ({
  name,
  applies: (place) => place.type === type && isObject(place.value),
  change: (object, place) => (object[place.name] = structuredClone(broken)),
});

/** Breaks a rule of a resource type or backbone: `path` is an element of it. */
const ofPath = (path: string, change: (object: JsonObject, place: Place) => void): Mutation => ({
  name,
  applies: ({ definition }) => definition.path === path,
  change,
});

export const INVARIANTS: readonly Mutation[] = [
  ofType('Period', { start: '2020-01-02', end: '2020-01-01' }),
  ofType('Quantity', { value: 1, code: 'mg' }),
  ofType('Attachment', { data: 'QUJD' }),
  ofType('Range', {
    low: { value: 2, code: 'a', system: 'http://unitsofmeasure.org' },
    high: { value: 1, code: 'a', system: 'http://unitsofmeasure.org' },
  }),
  ofType('Ratio', { numerator: { value: 1 } }),
  ofType('Timing', { repeat: { duration: 1 } }),
  ofPath('ContactPoint.value', (object) => (object['system'] = undefined)),
  ofPath('Patient.contact', (object) => (object['contact'] = [{ gender: 'female' }])),
  ofPath('Observation.code', (object) => {
    object['dataAbsentReason'] = { text: 'unknown' };
    for (const each of Object.keys(object)) if (/^_?value[A-Z]/.test(each)) object[each] = undefined;
    object['valueString'] = 'a';
  }),
  ofPath(
    'Observation.referenceRange',
    (object) => (object['referenceRange'] = [{ age: { low: { value: 1 } } }]),
  ),
  ofPath('Condition.code', (object) => {
    object['clinicalStatus'] = concept('condition-clinical', 'active');
    object['verificationStatus'] = concept('condition-ver-status', 'entered-in-error');
  }),
  ofPath('Condition.subject', (object) => {
    object['abatementString'] = 'gone';
    object['clinicalStatus'] = concept('condition-clinical', 'active');
    for (const each of Object.keys(object)) if (/^abatement(?!String)/.test(each)) object[each] = undefined;
  }),
  ofPath('AllergyIntolerance.patient', (object) => (object['clinicalStatus'] = undefined)),
  ofPath('Bundle.type', (object) => {
    object['type'] = 'collection';
    object['total'] = 1;
  }),
  ofPath('Immunization.education', (object) => (object['education'] = [{ publicationDate: '2020' }])),
  ofPath(
    'CarePlan.activity',
    (object) =>
      (object['activity'] = [
        { progress: [{ text: 'a' }], reference: { display: 'a' }, detail: { status: 'scheduled' } },
      ]),
  ),
  ofPath('Composition.section', (object) => (object['section'] = [{ title: 'a' }])),
  ofPath('FamilyMemberHistory.status', (object) => {
    object['ageString'] = 'a';
    object['bornString'] = 'a';
    for (const each of Object.keys(object)) if (/^(age|born)(?!String)/.test(each)) object[each] = undefined;
  }),
  ofPath(
    'Provenance.agent',
    (object) =>
      (object['agent'] = [
        { who: { reference: 'Practitioner/1' }, onBehalfOf: { reference: 'Practitioner/1' }, whoUri: 'a' },
      ]),
  ),
  ofPath('Questionnaire.item', (object) => (object['item'] = [{ linkId: 'a', text: 'a', type: 'group' }])),
  ofPath(
    'QuestionnaireResponse.item',
    (object) => (object['item'] = [{ linkId: 'a', item: [{ linkId: 'b' }], answer: [{ valueString: 'a' }] }]),
  ),
  ofPath('Organization.name', (object) => {
    object['name'] = undefined;
    object['identifier'] = undefined;
  }),
  ofPath('ImagingStudy.status', (object) => (object['series'] = [{ uid: '1.2' }])),
  ofPath('ValueSet.compose', (object) => (object['compose'] = { include: [{ concept: [{ code: 'a' }] }] })),
  ofPath('Signature.type', (object) => (object['when'] = undefined)),
];

const concept = (system: string, code: string): JsonObject => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }],
});
