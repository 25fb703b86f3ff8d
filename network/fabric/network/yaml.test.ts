import { toYaml } from './yaml.ts';

test('lists, nested members and empty ones are written as YAML', () => {
  const value = {
    name: 'a',
    list: ['x', { first: 1, second: [true] }, ['deep']],
    nothing: {},
    none: [],
    absent: undefined,
    null: null,
  };
  expect(toYaml(value)).toBe(`name: "a"
list:
  - "x"
  - first: 1
    second:
      - true
  - - "deep"
nothing: {}
none: []
"null": null
`);
});

test('strings that YAML would take for something else stay strings, and odd keys are quoted', () => {
  expect(toYaml({ a: 'no', b: '1.0', c: ': #', d: 'two\nlines', 'key with: colon': '' })).toBe(`a: "no"
b: "1.0"
c: ": #"
d: "two\\nlines"
"key with: colon": ""
`);
});
