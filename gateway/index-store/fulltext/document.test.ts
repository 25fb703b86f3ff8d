import { documentOf } from './document.ts';

const of = (resource: object) => documentOf(new TextEncoder().encode(JSON.stringify(resource)));

test('the narrative is what people read of it', () => {
  const div =
    '<div xmlns="http://w3" title="hidden"><!-- no --><p>Caf&#xE9; &amp; bar</p><b>R&#65;D</b>&bogus;</div>';
  expect(of({ resourceType: 'Basic', text: { status: 'generated', div } }).narrative).toEqual([
    ['cafe', 'bar', 'rad'],
  ]);
});

test('the rest is every other text, each by itself, without what nobody reads', () => {
  const { rest } = of({
    resourceType: 'Observation',
    id: 'secret-id',
    meta: { source: 'urn:x', tag: [{ display: 'tagged' }] },
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '8480-6', display: 'Systolic pressure' }] },
    subject: { reference: 'Patient/p', display: 'Ada' },
    effectiveDateTime: '2020-01-01T10:00:00Z',
    issued: '2020',
    valueQuantity: { value: 120 },
    valueAttachment: { url: 'http://files.example/a', data: 'QUJD', title: 'Scan' },
    contained: [{ resourceType: 'Device', text: { div: '<div>Pump</div>' } }],
  });
  expect(rest).toEqual([['final'], ['8480', '6'], ['systolic', 'pressure'], ['ada'], ['scan'], ['pump']]);
});

test('of a long text the beginning is found, and no word that is none', () => {
  const { narrative, rest } = of({ text: { div: 'a '.repeat(30_000) }, note: 'x'.repeat(65) });
  expect([narrative[0]?.length, rest]).toEqual([20_000, []]);
});
