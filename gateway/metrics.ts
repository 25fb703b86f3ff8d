import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { AdmissionFigures } from './admission/index.ts';
import type { Freshness } from './freshness.ts';

/** What Prometheus is told: the process's own figures, and requests by interaction and status. Never an id or a name. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests: Counter<'interaction' | 'status'>;
  readonly #seconds: Histogram<'interaction'>;

  /** `admitted`: of what stands before the gateway, where something does. */
  constructor(freshness: Freshness, admitted?: () => AdmissionFigures) {
    collectDefaultMetrics({ register: this.registry });
    if (admitted) this.#admission(admitted);
    this.#gauge(
      'fhir_index_lag_seconds',
      'How old what the index says may be.',
      () => freshness.lag() / 1000,
    );
    this.#gauge(
      'fhir_index_blocks',
      'Blocks that the index has applied.',
      () => freshness.standing.applied + 1,
    );
    this.#gauge(
      'fhir_ledger_blocks',
      'Blocks that the ledger has; NaN when it cannot be asked.',
      () => freshness.standing.height ?? NaN,
    );
    this.#gauge(
      'fhir_records_held',
      'Records closed to others because private data of theirs is missing.',
      () => freshness.standing.patients.length,
    );
    this.#requests = new Counter({
      name: 'fhir_requests_total',
      help: 'FHIR interactions, by HTTP status; entries of a batch each count.',
      labelNames: ['interaction', 'status'],
      registers: [this.registry],
    });
    this.#seconds = new Histogram({
      name: 'fhir_request_seconds',
      help: 'Time from the start of an interaction to its audited answer.',
      labelNames: ['interaction'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [this.registry],
    });
  }

  #admission(figures: () => AdmissionFigures): void {
    for (const [what, help] of [
      ['running', 'Requests that are worked on, by the way they go.'],
      ['waiting', 'Requests that wait until there is room.'],
    ] as const)
      new Gauge({
        ...{ name: `fhir_requests_${what}`, help, labelNames: ['lane'], registers: [this.registry] },
        collect() {
          for (const [lane, counts] of figures().lanes) this.set({ lane }, counts[what]);
        },
      });
    new Counter({
      name: 'fhir_requests_refused_total',
      help: 'Requests refused unread for want of room: 429 to who asked for more than a share, 503.',
      ...{ labelNames: ['status'], registers: [this.registry] },
      collect() {
        this.reset();
        for (const [status, count] of figures().refused) this.inc({ status }, count);
      },
    });
  }

  #gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      ...{ name, help, registers: [this.registry] },
      collect() {
        this.set(value());
      },
    });
  }

  /** An interaction was answered, after `milliseconds`. */
  answered(interaction: string, status: number, milliseconds: number): void {
    this.#requests.inc({ interaction, status });
    this.#seconds.observe({ interaction }, milliseconds / 1000);
  }
}
