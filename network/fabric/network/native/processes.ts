import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { StepError } from '../step.ts';
import { isRunning, logFile, readRecord, removeRecord, writeRecord } from './process-record.ts';

/** A process of the network. */
export interface ProcessSpec {
  /** Its name, and its log's. */
  readonly name: string;
  /** Under which its id is written down: its name, but for processes of one name that run side by side for a while. */
  readonly record: string;
  readonly kind: 'ca' | 'orderer' | 'peer' | 'chaincode';
  readonly command: string;
  readonly args: readonly string[];
  /** Its working directory. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Resolves when it can do its work; rejects when it can't. */
  health(): Promise<void>;
}

const POLL = 100;
const START_LIMIT = 120_000;
const STOP_LIMIT = 30_000;

/** Starts it, detached, unless it runs. Its health is not waited for. Rejects with a StepError. */
export async function start(run: string, spec: ProcessSpec): Promise<void> {
  if (isRunning(readRecord(run, spec.record))) return;
  mkdirSync(run, { recursive: true });
  const log = openSync(logFile(run, spec.name), 'a');
  try {
    const child = spawn(spec.command, spec.args, {
      cwd: spec.folder,
      env: { PATH: process.env['PATH'] ?? '', ...spec.env },
      detached: true,
      stdio: ['ignore', log, log],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    if (child.pid !== undefined) writeRecord(run, spec.record, child.pid);
  } catch (cause) {
    throw new StepError(`start ${spec.name}`, { cause, log: logFile(run, spec.name) });
  } finally {
    closeSync(log);
  }
}

/** Resolves once it is healthy; rejects with a StepError when it ended or has not become so within two minutes. */
export const whenHealthy = (run: string, spec: ProcessSpec): Promise<void> =>
  untilHealthy(spec, () => !isRunning(readRecord(run, spec.record)), logFile(run, spec.name));

/** Likewise, for a process that something else started. */
export async function untilHealthy(
  spec: ProcessSpec,
  hasEnded: () => boolean = () => false,
  log?: string,
): Promise<void> {
  const deadline = Date.now() + START_LIMIT;
  for (;;) {
    const cause = await spec.health().then(
      () => undefined,
      (error: unknown) => error,
    );
    const ended = hasEnded();
    if (cause === undefined && !ended) return;
    if (ended || Date.now() > deadline) {
      const what = ended ? `${spec.name} ended` : `${spec.name} is not healthy`;
      throw new StepError(`start ${spec.name}`, {
        cause: new Error(what, { cause }),
        ...(log !== undefined && { log }),
      });
    }
    await delay(POLL);
  }
}

/**
 * Ends it, by SIGTERM or another signal, and waits until it is gone; after half a minute by SIGKILL. Whether it ran.
 * A process that has only its id from it is left alone.
 */
export async function stop(run: string, name: string, signal: NodeJS.Signals = 'SIGTERM'): Promise<boolean> {
  const record = readRecord(run, name);
  const ran = isRunning(record);
  if (ran) {
    process.kill(record.pid, signal);
    const deadline = Date.now() + STOP_LIMIT;
    while (isRunning(record)) {
      if (Date.now() > deadline) process.kill(record.pid, 'SIGKILL');
      await delay(POLL / 4);
    }
  }
  removeRecord(run, name);
  return ran;
}
