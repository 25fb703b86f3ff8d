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

test('so has an index that lies elsewhere, and who does not get it holds nothing', () => {
  const [one, other, elsewhere] = ['one-', 'other-', 'index-'].map((name) =>
    mkdtempSync(join(tmpdir(), name)),
  );
  if (!one || !other || !elsewhere) throw new RangeError('three folders');
  const index = join(elsewhere, 'index.db');
  const unlock = lockDataDir(one, index);
  expect(() => lockDataDir(other, index)).toThrow(/Another process/);
  lockDataDir(other)();
  unlock();
  lockDataDir(other, index)();
  for (const folder of [one, other, elsewhere]) rmSync(folder, { recursive: true });
});
