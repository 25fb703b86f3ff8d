import { openPage, sealPage } from './page-token.ts';

const secret = new Uint8Array(32).fill(7);

test('a page opens for the search and the token that it was made for', () => {
  expect(openPage(sealPage('rid:42', 'query|token', secret), 'query|token', secret)).toBe('rid:42');
});

test.each([
  ['another token', (page: string) => openPage(page, 'query|other', secret)],
  [
    'a forged cursor',
    (page: string) =>
      openPage(`${Buffer.from('rid:1').toString('base64url')}.${page.split('.')[1]}`, 'query|token', secret),
  ],
  ['no seal', () => openPage('abc', 'query|token', secret)],
])('a page does not open for %s', (_, open) => {
  expect(() => open(sealPage('rid:42', 'query|token', secret))).toThrow(
    expect.objectContaining({ status: 400 }),
  );
});
