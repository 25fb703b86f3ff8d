import { runClosed } from './closed.ts';
import { runFlood } from './flood.ts';
import type { Job, Outcome } from './job.ts';
import { runOpen } from './open.ts';

/** A process that runs the one load that it is sent, sends back what it came to, and ends. */
process.once('message', (job: Job) => {
  void run(job).then((outcome) => process.send?.(outcome, () => process.disconnect()));
});

function run(job: Job): Promise<Outcome> {
  switch (job.kind) {
    case 'closed':
      return runClosed(job);
    case 'open':
      return runOpen(job);
    case 'flood':
      return runFlood(job);
  }
}
