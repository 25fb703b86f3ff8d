import { parseTextQuery, wordCount, written } from './query.ts';

const say = {
  phrase: (words: readonly string[], prefix: boolean) => words.join('_') + (prefix ? '*' : ''),
  and: '&',
  or: '|',
  without: '-',
};
const read = (text: string): string => written(parseTextQuery(text), say);

test.each([
  ['chest pain', '(chest&pain)'],
  ['chest AND pain', '(chest&pain)'],
  ['"Chest pain"', 'chest_pain'],
  ['X-ray', 'x_ray'],
  ['Müller', 'muller'],
  ['feve*', 'feve*'],
  ['"chest pai"*', 'chest_pai*'],
  ['a OR b c', '(a|(b&c))'],
  ['(a OR b) c', '((a|b)&c)'],
  ['a b NOT c d', '(((a&b)-c)&d)'],
  ['and or not', '(and&or&not)'],
])('%s is read as %s', (text, meant) => {
  expect(read(text)).toBe(meant);
});

test.each([
  ['NOT a', /word is expected where NOT/],
  ['a OR', /Words are expected/],
  ['(a', /not closed/],
  ['a)', /not opened/],
  ['"a', /quotation mark/],
  ['a -', /no word in -/],
  ['fe*', /at least 3 letters/],
  ['a NOT b'.repeat(50), /At most 50 words/],
  ['('.repeat(30) + 'a', /at most 20 deep/],
])('%s is refused', (text, why) => {
  expect(() => parseTextQuery(text)).toThrow(why);
});

test('words are counted, each of a phrase', () => {
  expect(wordCount(parseTextQuery('a "b c" NOT d'))).toBe(4);
});
