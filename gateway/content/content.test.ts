import { open, seal } from './envelope.ts';
import { ledgerText, servedText } from './resource-text.ts';

const exact = JSON as unknown as { rawJSON(text: string): never };

test('what is sealed opens to the same text, and nothing else opens', () => {
  const text = '{"resourceType":"Observation","status":"final","code":{"text":"naïve ✓"}}';
  const envelope = seal(text);
  expect(open(envelope)).toBe(text);
  expect(() => open({ ...envelope, kid: 'r4-2' })).toThrow(RangeError);
  expect(() => open({ ...envelope, data: envelope.data.subarray(0, envelope.data.length - 3) })).toThrow();
});

test('the ledger keeps neither id nor what the server says in meta', () => {
  const text = ledgerText({
    id: 'a',
    resourceType: 'Patient',
    gender: 'male',
    meta: { versionId: '7', lastUpdated: '2020-01-01T00:00:00Z', profile: ['http://x'] },
  });
  expect(text).toBe('{"resourceType":"Patient","meta":{"profile":["http://x"]},"gender":"male"}');
});

test.each([
  ['no meta', { resourceType: 'Patient', gender: 'male' }, {}],
  [
    'meta of its own',
    { resourceType: 'Patient', meta: { tag: [{ code: 'x' }] }, gender: 'male' },
    { tag: [{ code: 'x' }] },
  ],
  ['nothing at all', { resourceType: 'Patient' }, {}],
])('what is served has id, version and time put in: %s', (_, resource, meta) => {
  const served = servedText('Patient', ledgerText(resource), { id: 'p1', version: 3, lastUpdated: 0 });
  expect(JSON.parse(served)).toEqual({
    ...resource,
    id: 'p1',
    meta: { versionId: '3', lastUpdated: '1970-01-01T00:00:00.000Z', ...meta },
  });
});

test('numbers keep the digits that they came with', () => {
  const text = ledgerText({ resourceType: 'Observation', valueQuantity: { value: exact.rawJSON('1.10') } });
  expect(servedText('Observation', text, { id: 'o', version: 1, lastUpdated: 0 })).toContain('"value":1.10');
});

test('content of another type is not served under this one', () => {
  expect(() =>
    servedText('Patient', '{"resourceType":"Observation"}', { id: 'p', version: 1, lastUpdated: 0 }),
  ).toThrow(RangeError);
});
