import { readFileSync } from 'node:fs';
import { newSqliteFile } from '../testing/sqlite-files.ts';
import { createAuth } from './auth.ts';
import { openAuthDatabase } from './database.ts';
import { deriveKey, seal, unseal } from './sealing.ts';
import { loadSigningKeys } from './signing-keys.ts';
import { storageSuite } from './testing/storage-suite.ts';

const SECRET = 'a secret of the tests, long enough for it';

storageSuite(newSqliteFile);

test('keys open with their own secret and purpose only', () => {
  const sealed = seal(deriveKey(SECRET, 'a'), 'the text', 'context');
  expect(unseal(deriveKey(SECRET, 'a'), sealed, 'context')).toBe('the text');
  expect(() => unseal(deriveKey(SECRET, 'b'), sealed, 'context')).toThrow();
  expect(() => unseal(deriveKey(SECRET, 'a'), sealed, 'another')).toThrow();
  sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
  expect(() => unseal(deriveKey(SECRET, 'a'), sealed, 'context')).toThrow();
  expect(() => deriveKey('short', 'a')).toThrow('at least 32 characters');
});

test('signing keys are nowhere readable in the file', async () => {
  const file = await newSqliteFile();
  const db = await openAuthDatabase(file);
  const keys = await loadSigningKeys(db, SECRET, 1);
  await db.close();
  const bytes = readFileSync(file, 'latin1');
  for (const jwk of keys) expect(bytes).not.toContain(jwk.d);
});

test('BASE_URL has no path', async () => {
  const deps = { database: ':memory:', secret: SECRET, knowsParameter: () => true };
  await expect(createAuth({ ...deps, baseUrl: 'https://gateway.example/path' })).rejects.toThrow('BASE_URL');
});
