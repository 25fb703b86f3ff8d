import { runClosed } from './closed.ts';
import type { Job } from './job.ts';
import { runOpen } from './open.ts';

/** A process that runs the one load that it is sent, sends back what it came to, and ends. */
process.once('message', (job: Job) => {
  void (job.kind === 'closed' ? runClosed(job) : runOpen(job)).then((outcome) =>
    process.send?.(outcome, () => process.disconnect()),
  );
});
