import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { notIndexed, readOwnParameters, signaturesOf } from './own-parameters.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parameters-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('without a folder, and in an empty one, there are none', async () => {
  expect(await readOwnParameters(undefined)).toEqual({});
  expect(await readOwnParameters(folder)).toEqual({});
});

test('a folder that is not there, and a file that is not JSON, are said', async () => {
  await expect(readOwnParameters(join(folder, 'nowhere'))).rejects.toThrow(/^SEARCH_PARAMETERS: the folder/);
  const other = join(folder, 'other');
  mkdirSync(other);
  writeFileSync(join(other, 'a.json'), '{');
  await expect(readOwnParameters(other)).rejects.toThrow('SEARCH_PARAMETERS: a.json: it is not JSON');
});

test('what the index has by another meaning, or not at all, waits', () => {
  const row = (name: string) => ({
    number: 1_000_001,
    url: 'urn:p',
    code: 'p',
    type: 'string' as const,
    paths: [{ steps: [name], type: 'string' }],
  });
  const before = signaturesOf({ Patient: [row('a')] });
  expect(notIndexed({ Patient: [row('a')] }, before)).toEqual([]);
  expect(notIndexed({ Patient: [row('b')] }, before)).toEqual(['urn:p']);
  expect(notIndexed({ Patient: [row('a')] }, [])).toEqual(['urn:p']);
});
