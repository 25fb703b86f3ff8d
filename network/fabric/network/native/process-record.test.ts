import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning, readRecord, removeRecord, writeRecord } from './process-record.ts';
import { stop } from './processes.ts';

let run: string;
beforeEach(() => {
  run = mkdtempSync(join(tmpdir(), 'records-'));
});
afterEach(() => rmSync(run, { recursive: true }));

const sleeper = async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await once(child, 'spawn');
  return { child, pid: child.pid ?? 0 };
};

test('a process is known again by its record until it ends', async () => {
  const { child, pid } = await sleeper();
  writeRecord(run, 'sleeper', pid);
  const record = readRecord(run, 'sleeper');
  expect(record?.pid).toBe(pid);
  expect(isRunning(record)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isRunning(record)).toBe(false);
});

test('stopping leaves alone a process that has only got the id of one that ended', async () => {
  const { child, pid } = await sleeper();
  writeRecord(run, 'sleeper', pid);
  const impostor = { pid, began: 'at another time' };
  expect(isRunning(impostor)).toBe(false);
  expect(await stop(run, 'sleeper')).toBe(true);
  expect(child.signalCode ?? (await once(child, 'exit'))[1]).toBe('SIGTERM');
  expect(readRecord(run, 'sleeper')).toBeUndefined();
});

test('stopping what was never started does nothing', async () => {
  expect(await stop(run, 'nobody')).toBe(false);
  removeRecord(run, 'nobody');
  expect(isRunning(readRecord(run, 'nobody'))).toBe(false);
});
