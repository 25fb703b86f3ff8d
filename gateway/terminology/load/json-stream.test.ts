import type { Json } from '../../fhir/resource.ts';
import { readObject } from './json-stream.ts';

async function* inPieces(text: string, length: number): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(text);
  for (let at = 0; at < all.length; at += length) yield await Promise.resolve(all.subarray(at, at + length));
}

async function read(text: string, length: number) {
  const elements: Json[] = [];
  const rest = await readObject(inPieces(text, length), ['concept'], (_, element) => elements.push(element));
  return { rest, elements };
}

const concepts = [
  { code: 'a', display: 'with "quotes", ] and \\ and é', concept: [{ code: 'a1' }] },
  { code: 'b', property: [{ code: 'p', valueString: '{"concept": [' }] },
  { code: 'c' },
];
const system = {
  resourceType: 'CodeSystem',
  note: 'a "concept": [1]',
  nested: { concept: [1, 2] },
  concept: concepts,
  end: [3],
};

test.each([1, 2, 7, 100_000])(
  'the elements of a long array come one by one, in pieces of %i bytes',
  async (length) => {
    const { rest, elements } = await read(JSON.stringify(system, null, 1), length);
    expect(elements).toEqual(concepts);
    expect(rest).toEqual({ ...system, concept: [] });
  },
);

test('an array that is empty has no elements', async () => {
  expect(await read('{"concept": [ ]}', 3)).toEqual({ rest: { concept: [] }, elements: [] });
});

test.each([
  '{"concept": [{"code": "a"},]}',
  '{"concept": [{"code": "a"}',
  '{"concept": [,{"code": "a"}]}',
  '{"concept": [{"code": a}]}',
  '[1]',
  '',
])('%s is refused', async (text) => {
  await expect(read(text, 5)).rejects.toThrow(SyntaxError);
});
