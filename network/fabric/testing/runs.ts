import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeDown } from '../network/down.ts';

/** Names the folder that holds the networks of a run of tests, which its test files share. */
export const RUN_VARIABLE = 'FABRIC_TEST_DIR';
const PREFIX = 'fabric-test-';

/** Makes the folder of a run of tests, and clears up after runs that were killed. */
export async function beginRun(): Promise<void> {
  for (const run of abandonedRuns()) await endRun(run);
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  mkdirSync(join(folder, 'networks'));
  writeFileSync(join(folder, 'pid'), String(process.pid));
  process.env[RUN_VARIABLE] = folder;
}

/** Takes every network of a run down and removes its folder. */
export async function endRun(folder: string): Promise<void> {
  const networks = join(folder, 'networks');
  await Promise.all(readdirSync(networks).map((name) => takeDown(join(networks, name))));
  rmSync(folder, { recursive: true, force: true });
}

function abandonedRuns(): string[] {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => join(tmpdir(), name))
    .filter((folder) => !isAlive(ownerOf(folder)));
}

/** Undefined while another run is just being made, or cleared up. */
function ownerOf(folder: string): number | undefined {
  try {
    return Number(readFileSync(join(folder, 'pid'), 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
