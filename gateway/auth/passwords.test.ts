import * as argon2 from '@node-rs/argon2';
import { expect, test } from '@jest/globals';
import { PasswordHasher } from './passwords.ts';

const PASSWORD = 'correct horse battery';

test('a login without an account costs what one with an account costs: one password computed with the same parameters', async () => {
  const compared: { parameters: string; length: number }[] = [];
  const hasher = await PasswordHasher.create({
    hash: argon2.hash,
    verify: (stored, password) => {
      const [, kind, version, parameters] = String(stored).split('$');
      compared.push({ parameters: `${kind} ${version} ${parameters}`, length: password.length });
      return argon2.verify(stored, password);
    },
  });
  const stored = await hasher.hash(PASSWORD);
  const wrong = 'x'.repeat(PASSWORD.length);
  expect(await hasher.verify(stored, PASSWORD)).toBe(true);
  expect(await hasher.verify(stored, wrong)).toBe(false);
  expect(await hasher.verify(undefined, wrong)).toBe(false);
  const once = { parameters: 'argon2id v=19 m=19456,t=2,p=1', length: PASSWORD.length };
  expect(compared).toEqual([once, once, once]);
});

test('a password longer than any can be is refused after the same work', async () => {
  let computed = 0;
  const hasher = await PasswordHasher.create({
    hash: argon2.hash,
    verify: (stored, password) => {
      computed += 1;
      return argon2.verify(stored, password);
    },
  });
  const longest = 'x'.repeat(256);
  const stored = await hasher.hash(longest);
  expect(await hasher.verify(stored, `${longest}y`)).toBe(false);
  expect(await hasher.verify(stored, longest)).toBe(true);
  expect(computed).toBe(2);
});
