import type { JsonObject } from '../resource.ts';
import { brokenInvariants } from './data-type-invariants.ts';

const UCUM = 'http://unitsofmeasure.org';

test.each<[string, string, JsonObject, boolean]>([
  ['qty-3', 'Quantity', { value: 1, code: 'mg' }, true],
  ['qty-3', 'Quantity', { value: 1, code: 'mg', system: UCUM }, false],
  ['sqty-1', 'SimpleQuantity', { value: 1, comparator: '<' }, true],
  ['mqty-1', 'MoneyQuantity', { value: 1, code: 'EUR', system: UCUM }, true],
  ['mqty-1', 'MoneyQuantity', { value: 1, code: 'EUR', system: 'urn:iso:std:iso:4217' }, false],
  ['age-1', 'Age', { value: 0, code: 'a', system: UCUM }, true],
  ['age-1', 'Age', { value: 1, code: 'a', system: UCUM }, false],
  ['cnt-3', 'Count', { value: 1.5, code: '1', system: UCUM }, true],
  ['cnt-3', 'Count', { value: 2, code: '1', system: UCUM }, false],
  ['dis-1', 'Distance', { value: 2 }, true],
  ['drt-1', 'Duration', { code: 'h', system: UCUM }, true],
  ['drt-1', 'Duration', { value: 1, code: 'h', system: UCUM }, false],
  ['rng-2', 'Range', { low: { value: 2 }, high: { value: 1 } }, true],
  ['rng-2', 'Range', { low: { value: 2, unit: 'mg' }, high: { value: 1, unit: 'g' } }, false],
  ['rat-1', 'Ratio', { numerator: { value: 1 } }, true],
  ['rat-1', 'Ratio', { extension: [{ url: 'a', valueCode: 'b' }] }, false],
  ['att-1', 'Attachment', { data: 'QUJD' }, true],
  ['att-1', 'Attachment', { data: 'QUJD', _contentType: { id: 'a' } }, false],
  ['cpt-2', 'ContactPoint', { value: '1' }, true],
  ['exp-1', 'Expression', { language: 'text/fhirpath' }, true],
])('%s of a %s %j: broken %s', (key, type, object, broken) => {
  expect(brokenInvariants(type, object).map((text) => text.split(':')[0])).toEqual(broken ? [key] : []);
});

test('a type without invariants, and a name out of Object, break none', () => {
  expect(brokenInvariants('HumanName', {})).toEqual([]);
  expect(brokenInvariants('constructor', {})).toEqual([]);
});
