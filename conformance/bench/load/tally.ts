import { percentile } from '../measurement/spread.ts';
import type { Outcome } from './job.ts';

/** Counts what a load's requests came to, as the answers come in. */
export class Tally {
  readonly #start = performance.now();
  readonly #cpu = process.cpuUsage();
  #lastSent = this.#start;
  #lastAnswer = this.#start;
  readonly #latencies: number[] = [];
  readonly #statuses: Record<string, number> = {};
  #unanswered = 0;

  /** When the load began, as `performance.now()` has it. */
  get start(): number {
    return this.#start;
  }

  sent(): void {
    this.#lastSent = performance.now();
  }

  /** An answer that was read to its end, `latency` milliseconds after its request. */
  answered(status: number, latency: number): void {
    this.#lastAnswer = performance.now();
    this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
    if (status >= 200 && status < 300) this.#latencies.push(latency);
  }

  unanswered(): void {
    this.#unanswered += 1;
  }

  outcome(): Outcome {
    const sorted = Float64Array.from(this.#latencies).sort();
    const { user, system } = process.cpuUsage(this.#cpu);
    return {
      seconds: (this.#lastAnswer - this.#start) / 1000,
      sendSeconds: (this.#lastSent - this.#start) / 1000,
      succeeded: sorted.length,
      statuses: this.#statuses,
      unanswered: this.#unanswered,
      latency: {
        p50: percentile(sorted, 0.5),
        p99: percentile(sorted, 0.99),
        mean: sorted.reduce((sum, latency) => sum + latency, 0) / sorted.length,
        max: sorted.at(-1) ?? Number.NaN,
      },
      busy: (user + system) / 1000 / (performance.now() - this.#start),
    };
  }
}
