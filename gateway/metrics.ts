import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** What Prometheus is told: the process's own figures, and requests by interaction and status. Never an id or a name. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests: Counter<'interaction' | 'status'>;
  readonly #seconds: Histogram<'interaction'>;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
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

  /** An interaction was answered, after `milliseconds`. */
  answered(interaction: string, status: number, milliseconds: number): void {
    this.#requests.inc({ interaction, status });
    this.#seconds.observe({ interaction }, milliseconds / 1000);
  }
}
