import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writeSecret } from '../material/files.ts';

/** A process that was started: its id, and when it began, since ids are given out again. */
export interface ProcessRecord {
  readonly pid: number;
  readonly began: string;
}

const SUFFIX = '.pid';
const recordFile = (run: string, name: string) => join(run, `${name}${SUFFIX}`);

/** Names of all processes that were started and not ended since. */
export function recordNames(run: string): string[] {
  if (!existsSync(run)) return [];
  return readdirSync(run)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => basename(file, SUFFIX));
}

/** Where the process writes its log. */
export const logFile = (run: string, name: string): string => join(run, `${name}.log`);

export function readRecord(run: string, name: string): ProcessRecord | undefined {
  const file = recordFile(run, name);
  if (!existsSync(file)) return undefined;
  const [pid = '', began = ''] = readFileSync(file, 'utf8').trim().split('\n');
  return { pid: Number(pid), began };
}

/** Writes down a process that runs now. */
export function writeRecord(run: string, name: string, pid: number): void {
  writeSecret(recordFile(run, name), `${pid}\n${beganOf(pid) ?? ''}\n`);
}

export const removeRecord = (run: string, name: string): void =>
  rmSync(recordFile(run, name), { force: true });

/** Whether it still runs: the same process, not another one with its id, and not one that ended and was not waited for. */
export function isRunning(record: ProcessRecord | undefined): record is ProcessRecord {
  return record !== undefined && record.began !== '' && beganOf(record.pid) === record.began;
}

/** When the process began, in the system's own terms; undefined when there is none or it has ended. */
function beganOf(pid: number): string | undefined {
  if (existsSync('/proc/self/stat')) return beganFromProc(pid);
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

function beganFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command stands in parentheses and may hold any character; state is the field after it, start the 20th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
