import { subset, SUBSETTED } from './subset.ts';

const content = new TextEncoder().encode(
  '{"resourceType":"Observation","id":"o","meta":{"tag":[{"code":"own"}]},"status":"final","valueQuantity":{"value":5.40}}',
);
const cut = (wanted: Parameters<typeof subset>[1]): string =>
  new TextDecoder().decode(subset(content, wanted));

test('a part of a resource says that it is one, and numbers are as they were written', () => {
  const text = cut({ summary: 'true' });
  expect(text).toContain('"value":5.40');
  expect(JSON.parse(text)).toMatchObject({ meta: { tag: [{ code: 'own' }, SUBSETTED] }, status: 'final' });
});

test('what is not cut is answered byte for byte', () => {
  expect(subset(content, { summary: 'false' })).toBe(content);
  expect(subset(content, { summary: 'data' })).toBe(content);
});
