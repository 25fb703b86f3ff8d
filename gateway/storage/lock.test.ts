import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDataDir } from './lock.ts';

test('a data folder has one process at a time, and is free again when that gave it back', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lock-'));
  const unlock = lockDataDir(dataDir);
  expect(() => lockDataDir(dataDir)).toThrow(/Another process/);
  unlock();
  lockDataDir(dataDir)();
  rmSync(dataDir, { recursive: true });
});

test.each([
  ['elsewhere', 'index-'],
  ['in the data folder of one', 'one-'],
])('so has an index that lies %s, and who does not get it holds nothing', (_where, place) => {
  const folder = (name: string) => mkdtempSync(join(tmpdir(), name));
  const [one, other, elsewhere] = [folder('one-'), folder('other-'), folder('index-')];
  const index = join(place === 'one-' ? one : elsewhere, 'index.db');
  const unlock = lockDataDir(one, index);
  expect(() => lockDataDir(other, index)).toThrow(/Another process/);
  lockDataDir(other)();
  unlock();
  lockDataDir(other, index)();
  for (const each of [one, other, elsewhere]) rmSync(each, { recursive: true });
});
