import { FhirError } from '../errors.ts';
import { parseDocument, parseJson } from '../json/parse.ts';
import { stringify } from '../json/stringify.ts';
import { applyJsonPatch } from './json-patch.ts';

const parsed = (text: string) => parseJson(Buffer.from(text));
const patch = (text: string) => parseDocument(Buffer.from(text));

/** The text that comes of a document and a patch. */
function applied(document: string, operations: string): string {
  const { resource, exact } = applyJsonPatch(parsed(document), patch(operations));
  return stringify(exact ?? resource);
}

function refusal(operations: string): FhirError {
  try {
    applied('{"a":{"b":[1,2]}}', operations);
  } catch (error) {
    if (error instanceof FhirError) return error;
  }
  throw new Error('it was not refused');
}

test('operations are done one after the other', () => {
  const operations = [
    '{"op":"test","path":"/a/b/0","value":1}',
    '{"op":"add","path":"/a/b/-","value":{"c":"~"}}',
    '{"op":"move","from":"/a/b/0","path":"/a~1b"}',
    '{"op":"copy","from":"/a/b/1/c","path":"/d"}',
    '{"op":"remove","path":"/a/b/0"}',
    '{"op":"replace","path":"/a/b/0/c","value":null}',
  ];
  expect(applied('{"a":{"b":[1,2]}}', `[${operations.join()}]`)).toBe(
    '{"a":{"b":[{"c":null}]},"a/b":1,"d":"~"}',
  );
});

test('numbers stay as they were written, in the document and in the patch', () => {
  const operations = '[{"op":"add","path":"/new","value":2.50},{"op":"move","from":"/old","path":"/moved"}]';
  expect(applied('{"old":1.10,"kept":1e2}', operations)).toBe('{"kept":1e2,"new":2.50,"moved":1.10}');
});

test('a test compares numbers, not how they are written', () => {
  expect(applied('{"a":1.10}', '[{"op":"test","path":"/a","value":1.1}]')).toBe('{"a":1.10}');
});

test('the given document is left as it is, whether the patch can be applied or not', () => {
  const document = parsed('{"a":[1]}');
  applyJsonPatch(document, patch('[{"op":"remove","path":"/a"}]'));
  expect(() =>
    applyJsonPatch(document, patch('[{"op":"remove","path":"/a"},{"op":"remove","path":"/b"}]')),
  ).toThrow(FhirError);
  expect(document).toEqual({ resource: { a: [1] } });
});

test.each([
  ['{}'],
  ['[1]'],
  ['[{"op":"drop","path":"/a"}]'],
  ['[{"op":"toString","path":"/a"}]'],
  ['[{"op":"add","path":"/a"}]'],
  ['[{"op":"add","path":"a","value":1}]'],
  ['[{"op":"add","path":"/~2","value":1}]'],
  ['[{"op":"move","path":"/a"}]'],
  ['[{"op":"add","path":"/__proto__/x","value":1}]'],
  ['[{"op":"add","path":"/constructor/prototype/x","value":1}]'],
])('%s is no JSON Patch: 400', (operations) => {
  expect(refusal(operations).status).toBe(400);
});

test.each([
  ['[{"op":"test","path":"/a/b/0","value":2}]'],
  ['[{"op":"remove","path":"/c"}]'],
  ['[{"op":"replace","path":"/a/c","value":1}]'],
  ['[{"op":"add","path":"/a/b/3","value":1}]'],
  ['[{"op":"add","path":"/a/b/01","value":1}]'],
  ['[{"op":"add","path":"/c/d","value":1}]'],
  ['[{"op":"move","from":"/a","path":"/a/b"}]'],
  ['[{"op":"copy","from":"/c","path":"/d"}]'],
])('%s cannot be applied: 422, naming the operation', (operations) => {
  expect(refusal(operations)).toMatchObject({ status: 422, issues: [{ expression: ['[0]'] }] });
});
