import { failures, perSecond, type Outcome } from '../../load/job.ts';
import { spreadOf, type Spread } from '../../measurement/spread.ts';
import type { Batches, Measured } from '../../servers/fabric-driver.ts';

/** One run of whatever loads a Fabric network, through a gateway or without. */
export interface Sample {
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  failed: number;
  batches: Batches;
}

export const sampleOfGateway = (outcome: Outcome, batches: Batches): Sample => ({
  perSecond: perSecond(outcome),
  p50: outcome.latency.p50,
  p99: outcome.latency.p99,
  failed: failures(outcome),
  batches,
});

export const sampleOfDriver = ({ done, seconds, p50, p99, failed, batches }: Measured): Sample => ({
  perSecond: done / seconds,
  p50,
  p99,
  failed: Object.values(failed).reduce((sum, count) => sum + count, 0),
  batches,
});

export const spread = (samples: readonly Sample[], value: (sample: Sample) => number): Spread =>
  spreadOf(samples.map(value));

export const commandsEach = (samples: readonly Sample[]): number =>
  each(samples, ({ commands, transactions, invalid }) => [commands, transactions - invalid]);

export const transactionsEach = (samples: readonly Sample[]): number =>
  each(samples, ({ transactions, blocks }) => [transactions, blocks]);

/** A mean over all runs. */
function each(
  samples: readonly Sample[],
  of: (batches: Batches) => readonly [things: number, holders: number],
): number {
  const sums = samples.map(({ batches }) => of(batches));
  return (
    sums.reduce((sum, [things]) => sum + things, 0) / sums.reduce((sum, [, holders]) => sum + holders, 0)
  );
}
