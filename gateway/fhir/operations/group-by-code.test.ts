import type { JsonObject } from '../resource.ts';
import { groupByCode } from './group-by-code.ts';

const observation = (...codes: string[]) => ({
  resourceType: 'Observation',
  code: { coding: codes.map((code): JsonObject => ({ system: 'http://example.org', code })) },
});
const textOnly = (text: string) => ({ resourceType: 'Observation', code: { text } });
const sizes = (...items: Parameters<typeof groupByCode>[0] & { resourceType: string }[]) =>
  groupByCode(items, (item) => item).map(({ length }) => length);

test.each([
  ['a, b and c are three', [observation('a'), observation('b'), observation('c')], [1, 1, 1]],
  ['a, b and a,c are two', [observation('a'), observation('b'), observation('a', 'c')], [2, 1]],
  ['a, b and a,b are one', [observation('a'), observation('b'), observation('a', 'b')], [3]],
  ['a,b, b,c, c,d are one', [observation('a', 'b'), observation('c', 'd'), observation('b', 'c')], [3]],
  ['texts go by their letters', [textOnly('x'), textOnly('X'), textOnly('x')], [2, 1]],
  ['a text is no code', [textOnly('a'), observation('a')], [1, 1]],
  ['no code is like no other', [{ resourceType: 'Observation' }, { resourceType: 'Observation' }], [1, 1]],
])('%s', (_what, items, expected) => expect(sizes(...items)).toEqual(expected));
