import type { Resource } from '../resource.ts';
import { partOf } from './cut.ts';

const observation: Resource = {
  resourceType: 'Observation',
  id: 'o',
  meta: { versionId: '1' },
  implicitRules: 'http://rules.example',
  text: { status: 'generated', div: '<div>text</div>' },
  contained: [{ resourceType: 'Device', id: 'd' }],
  extension: [{ url: 'http://e.example', valueString: 'x' }],
  modifierExtension: [{ url: 'http://m.example', valueBoolean: true }],
  status: 'final',
  _status: { extension: [{ url: 'http://e.example', valueCode: 'y' }] },
  code: { text: 'Pressure', coding: [{ code: '1', extension: [{ url: 'http://e.example' }] }] },
  subject: { reference: 'Patient/p' },
  valueQuantity: { value: 5, unit: 'mg' },
  note: [{ text: 'a note' }],
  component: [{ id: 'c', code: { text: 'part' }, valueInteger: 1, interpretation: [{ text: 'high' }] }],
};

test('true keeps what HL7 marks as summary, at every level, and what must be there', () => {
  expect(partOf(observation, 'true')).toEqual({
    resourceType: 'Observation',
    id: 'o',
    meta: { versionId: '1' },
    implicitRules: 'http://rules.example',
    modifierExtension: [{ url: 'http://m.example', valueBoolean: true }],
    status: 'final',
    _status: { extension: [{ url: 'http://e.example', valueCode: 'y' }] },
    code: { text: 'Pressure', coding: [{ code: '1' }] },
    subject: { reference: 'Patient/p' },
    valueQuantity: { value: 5, unit: 'mg' },
    component: [{ code: { text: 'part' }, valueInteger: 1 }],
  });
});

test('text keeps the narrative and what must be there', () => {
  expect(Object.keys(partOf(observation, 'text') ?? {})).toEqual([
    'resourceType',
    'id',
    'meta',
    'text',
    'status',
    '_status',
    'code',
  ]);
});

test('data leaves the narrative out and nothing else', () => {
  const { text: _, ...rest } = observation;
  expect(partOf(observation, 'data')).toEqual(rest);
  expect(partOf({ resourceType: 'Basic' }, 'data')).toBeUndefined();
});

test('_elements keeps what is named, a choice by its name, modifiers and what must be there', () => {
  const named = Object.keys(partOf(observation, { elements: ['value', 'note', 'nothing'] }) ?? {});
  expect(named).toEqual([
    'resourceType',
    'id',
    'meta',
    'implicitRules',
    'modifierExtension',
    'status',
    '_status',
    'code',
    'valueQuantity',
    'note',
  ]);
});

test('the bytes of an attachment are in no summary, what describes it is', () => {
  const report: Resource = {
    resourceType: 'DiagnosticReport',
    status: 'final',
    code: { text: 'x' },
    media: [{ comment: 'c', link: { reference: 'Media/m' } }],
    presentedForm: [{ data: 'AAAA' }],
  };
  expect(partOf(report, 'true')).toEqual({
    resourceType: 'DiagnosticReport',
    status: 'final',
    code: { text: 'x' },
    media: [{ link: { reference: 'Media/m' } }],
  });
  const document: Resource = {
    resourceType: 'DocumentReference',
    status: 'current',
    content: [{ attachment: { contentType: 'text/plain', data: 'AAAA' } }],
  };
  expect(partOf(document, 'true')).toEqual({
    ...document,
    content: [{ attachment: { contentType: 'text/plain' } }],
  });
});

test.each(['Binary', 'Bundle', 'Parameters'])('a %s has no summary', (resourceType) => {
  expect(partOf({ resourceType, text: {} }, 'true')).toBeUndefined();
});
