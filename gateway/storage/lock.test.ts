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
