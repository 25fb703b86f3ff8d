import type { JsonObject } from '../resource.ts';
import { applyJsonPatch } from './json-patch.ts';
import type { Json } from '../resource.ts';

const statusOf = (value: Json): unknown => {
  try {
    applyJsonPatch({ resource: { resourceType: 'Patient', name: [{ family: 'x' }] } }, { value });
    return 'done';
  } catch (error) {
    return (error as { status?: number }).status;
  }
};

test("a list's length is none of its elements", () => {
  expect(statusOf([{ op: 'replace', path: '/name/length', value: 3 }])).toBe(422);
  expect(statusOf([{ op: 'copy', from: '/name/length', path: '/x' }])).toBe(422);
  expect(statusOf([{ op: 'add', path: '/name/-', value: { family: 'y' } }])).toBe('done');
});

test('copies of copies are refused before they fill the memory', () => {
  const doubling = Array.from({ length: 40 }, (_, round) => {
    const from = round === 0 ? '/name' : `/a${round - 1}`;
    return [
      { op: 'add', path: `/a${round}`, value: {} } as JsonObject,
      { op: 'copy', from, path: `/a${round}/x` },
      { op: 'copy', from, path: `/a${round}/y` },
    ];
  }).flat();
  expect(statusOf(doubling)).toBe(422);
});
