import { pageSize, resultParameters } from './search-parameters.ts';

const of = (query: string) => [...new URLSearchParams(query)];

test('_sort takes up to eight keys, each with its direction', () => {
  expect(resultParameters(of('_sort=-date,code')).sort).toEqual([
    { code: 'date', descending: true },
    { code: 'code', descending: false },
  ]);
  expect(resultParameters(of('_sort=a,b,c,d,e,f,g,h')).sort).toHaveLength(8);
  expect(resultParameters(of('_sort=')).sort).toEqual([]);
});

test.each([
  ['_sort=a,b,c,d,e,f,g,h,i', 'too-costly', '_sort'],
  ['_sort=date,-date', 'invalid', '_sort'],
  ['_count=5&_count=6', 'invalid', '_count'],
  ['_count=many', 'invalid', '_count'],
  ['_type=Patient&_type=Group', 'invalid', '_type'],
])('%s is refused (%s)', (query, code, expression) => {
  expect(() => resultParameters(of(query))).toThrow(
    expect.objectContaining({
      status: 400,
      issues: [expect.objectContaining({ code, expression: [expression] })],
    }),
  );
});

test('a page has twenty matches if nothing is said, and a thousand at most', () => {
  expect([pageSize([]), pageSize(of('_count=7')), pageSize(of('_count=5000'))]).toEqual([20, 7, 1000]);
});
