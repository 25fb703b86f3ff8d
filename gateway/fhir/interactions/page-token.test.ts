import { openPage, sealPage } from './page-token.ts';

const secret = new Uint8Array(32).fill(7);

test('a page opens for the search and the token that it was made for', () => {
  expect(openPage(sealPage('rid:42', 'query|token', secret), 'query|token', secret)).toBe('rid:42');
});

test('a page shows nothing of the row that it begins after, not even by its length', () => {
  const [near, far] = [sealPage('rid:1', 'q', secret), sealPage('rid:4294967296', 'q', secret)];
  expect(near).toHaveLength(far.length);
  expect(Buffer.from(near, 'base64url').includes('rid')).toBe(false);
  expect(sealPage('rid:1', 'q', secret)).not.toBe(near);
});

test.each([
  ['another token', (page: string) => openPage(page, 'query|other', secret)],
  [
    'a changed cursor',
    (page: string) => {
      const bytes = Buffer.from(page, 'base64url');
      bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20);
      return openPage(bytes.toString('base64url'), 'query|token', secret);
    },
  ],
  ['no seal', () => openPage('abc', 'query|token', secret)],
  ['nothing', () => openPage('', 'query|token', secret)],
])('a page does not open for %s', (_, open) => {
  expect(() => open(sealPage('rid:42', 'query|token', secret))).toThrow(
    expect.objectContaining({ status: 400 }),
  );
});
