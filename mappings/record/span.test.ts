import type { Json } from '../resource.ts';
import { cover, momentOf, periodSpan, spanOf } from './span.ts';

const at = (iso: string): number => Date.parse(iso);

test.each([
  ['2026', '2026-01-01T00:00:00.000Z', '2026-12-31T23:59:59.999Z'],
  ['2026-02', '2026-02-01T00:00:00.000Z', '2026-02-28T23:59:59.999Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z', '2024-02-29T23:59:59.999Z'],
  ['2026-03-01T10:00:00+02:00', '2026-03-01T08:00:00.000Z', '2026-03-01T08:00:00.999Z'],
  ['2026-03-01T10:00:00.5-00:30', '2026-03-01T10:30:00.500Z', '2026-03-01T10:30:00.599Z'],
  ['2026-03-01T10:00:00.123Z', '2026-03-01T10:00:00.123Z', '2026-03-01T10:00:00.123Z'],
  ['2026-03-01T10:00:00.123456Z', '2026-03-01T10:00:00.123Z', '2026-03-01T10:00:00.123Z'],
  ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z', '2017-01-01T00:00:00.999Z'],
  ['0099', '0099-01-01T00:00:00.000Z', '0099-12-31T23:59:59.999Z'],
])('%s is the whole of what it names', (date, from, to) => {
  expect(spanOf(date)).toEqual([at(from), at(to)]);
});

test.each([
  '',
  '26',
  '0000',
  '2026-13',
  '2026-00',
  '2026-02-30',
  '2026-1-1',
  '2026-01-01T10:00',
  '2026-01-01T10:00:00',
  '2026-01-01T24:00:00Z',
  '2026-01-01T10:00:00+15:00',
  '2026-01-01 ',
  '٢٠٢٦',
])('the malformed date %j is none', (date) => expect(spanOf(date)).toBeUndefined());

test('a period runs from the beginning of its start to the end of its end, and is open where it says nothing', () => {
  expect(periodSpan({ start: '2026-03', end: '2026-04' })).toEqual([
    at('2026-03-01'),
    at('2026-04-30T23:59:59.999Z'),
  ]);
  expect(periodSpan({ start: '2026-03' })).toEqual([at('2026-03-01'), null]);
  expect(periodSpan({ end: '2026' })).toEqual([null, at('2026-12-31T23:59:59.999Z')]);
  expect(periodSpan({})).toBeUndefined();
  expect(periodSpan({ start: '2026-03', end: 'soon' })).toBeUndefined();
});

test.each<[Json, readonly [number | null, number | null] | undefined]>([
  [{ start: '2026-03-01' }, [at('2026-03-01'), null]],
  [{ end: '2026-03' }, [null, at('2026-03-31T23:59:59.999Z')]],
  [{ start: '2026-03', _end: { extension: [] } }, [at('2026-03-01'), null]],
  [{ start: '2026-03', end: 'soon' }, [at('2026-03-01'), null]],
  [{ start: '2026-03', end: '2026-02' }, [at('2026-02-01'), at('2026-03-31T23:59:59.999Z')]],
  [{ extension: [] }, undefined],
  [{}, undefined],
])('the clinical period %j is open where it says nothing', (period, span) => {
  expect(momentOf(period)).toEqual(span);
});

test('what covers an open span is open there', () => {
  expect(
    cover([
      [3, 4],
      [1, null],
      [5, 9],
    ]),
  ).toEqual([1, null]);
  expect(
    cover([
      [3, 4],
      [null, 2],
    ]),
  ).toEqual([null, 4]);
  expect(cover([])).toBeUndefined();
});

test('a timing is what its events cover', () => {
  expect(momentOf({ event: ['2026-03-02', '2026-03-01'] })).toEqual([
    at('2026-03-01'),
    at('2026-03-02T23:59:59.999Z'),
  ]);
  expect(momentOf({ repeat: { boundsPeriod: { start: '2025', end: '2026' } } })).toEqual([
    at('2025-01-01'),
    at('2026-12-31T23:59:59.999Z'),
  ]);
  expect(momentOf({ event: ['2026-03-02'], repeat: { boundsPeriod: { start: '2026-03-01' } } })).toEqual([
    at('2026-03-01'),
    null,
  ]);
  expect(momentOf({ repeat: { frequency: 3 } })).toBeUndefined();
});
