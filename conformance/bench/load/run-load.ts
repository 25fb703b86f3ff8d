import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FloodJob, FloodOutcome, Job, Outcome } from './job.ts';

const GENERATOR = fileURLToPath(new URL('./generator.ts', import.meta.url));

/** Runs a load in a process of its own. Rejects when that process ends without an outcome. */
export async function runLoad(job: FloodJob): Promise<FloodOutcome>;
export async function runLoad(job: Job): Promise<Outcome>;
export async function runLoad(job: Job): Promise<Outcome> {
  const child = fork(GENERATOR, { serialization: 'advanced' });
  const ended = once(child, 'exit');
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.once('message', (message: Outcome) => resolve(message));
    child.once('error', reject);
    void ended.then(([code]) => reject(new Error(`the load's process ended with ${code}`)));
  });
  child.send(job);
  const result = await outcome;
  await ended;
  return result;
}
