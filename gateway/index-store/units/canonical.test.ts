import { canonicalUnit } from './canonical.ts';

const same = (a: [number, string], b: [number, string]): boolean => {
  const [x, y] = [canonicalUnit(a[1]), canonicalUnit(b[1])];
  return x !== undefined && y !== undefined && x.dimension === y.dimension && x.of(a[0]) === y.of(b[0]);
};

test.each<[[number, string], [number, string]]>([
  [
    [5.4, 'mg'],
    [0.0054, 'g'],
  ],
  [
    [1000, 'umol/L'],
    [1, 'mmol/L'],
  ],
  [
    [37, 'Cel'],
    [98.6, '[degF]'],
  ],
  [
    [0, 'Cel'],
    [273.15, 'K'],
  ],
  [
    [45, '%'],
    [0.45, '1'],
  ],
  [
    [90, '{beats}/min'],
    [1.5, '/s'],
  ],
  [
    [7, 'd'],
    [1, 'wk'],
  ],
  [
    [126, 'mg/dL'],
    [1.26, 'g/L'],
  ],
])('%j and %j are the same amount', (a, b) => {
  expect(same(a, b)).toBe(true);
});

test('what measures different things is of different dimensions', () => {
  expect(canonicalUnit('mg')?.dimension).not.toBe(canonicalUnit('mL')?.dimension);
});

test.each([
  ['[iU]', 'an arbitrary unit'],
  ['[iU]/L', 'what is made of one'],
  ['[pH]', 'a scale that runs the other way'],
  ['milligrams', 'a name'],
  ['mm Hg', 'what is no code'],
  ['', 'nothing'],
  ['('.repeat(101), 'what is too long'],
])('%s, %s, is compared as it is written', (code) => {
  expect(canonicalUnit(code)).toBeUndefined();
});
