import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Caller } from '../people/caller.ts';
import { fateOf, HUNG, observationOf, type Attempt } from './attempt.ts';

export interface WriteLoadOptions {
  /** Writes a second, of all authors together, in turns. */
  rate: number;
  authors: readonly { at: string; caller: Caller }[];
  patients: readonly string[];
  /** The system of the identifiers of what is written. */
  system: string;
}

/** Milliseconds after which no answer comes any more: nothing may hang longer. */
const PATIENCE = 60_000;

/** Milliseconds after which a write that waits is taken to be in trouble: a machine that has much to do is slow. */
const LONG = 15_000;

/**
 * Writes that are offered at a steady rate, whatever comes of those before them. None is ever sent twice: what was not
 * answered stays so.
 */
export class WriteLoad {
  readonly attempts: Attempt[] = [];
  readonly #options: WriteLoadOptions;
  readonly #stopped = new AbortController();
  readonly #open = new Set<Promise<void>>();
  readonly #offering: Promise<void>;

  constructor(options: WriteLoadOptions) {
    this.#options = options;
    this.#offering = this.#offer();
  }

  /** Offers nothing more; resolves when all that was offered has ended. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#offering;
    await Promise.all(this.#open);
  }

  /** When a write at these places last ended without success; now, while one has been waiting for long; 0: never. */
  lastTrouble(places: readonly string[]): number {
    const now = performance.now();
    const troubles = this.attempts
      .filter(({ at }) => places.includes(at))
      .map((each) => {
        if (each.ended === undefined) return now - each.due > LONG ? now : 0;
        return fateOf(each) === 'created' ? 0 : each.ended;
      });
    return troubles.reduce((latest, each) => Math.max(latest, each), 0);
  }

  async #offer(): Promise<void> {
    const { rate, authors, patients } = this.#options;
    const start = performance.now();
    const dueOf = (count: number) => start + (count * 1000) / rate;
    for (let count = 0; !this.#stopped.signal.aborted; await delay(1)) {
      for (; dueOf(count) <= performance.now(); count += 1) {
        const author = authors[count % authors.length];
        // Another for each round of the authors, so that each writes for all.
        const patient = patients[Math.floor(count / authors.length) % patients.length];
        if (!author || patient === undefined) throw new RangeError('a load needs authors and patients');
        const { at, caller } = author;
        const attempt = {
          ...{ author: caller.name, at, patient, identifier: randomUUID(), value: count },
          due: dueOf(count),
        };
        this.attempts.push(attempt);
        const sent = this.#send(caller, attempt).finally(() => this.#open.delete(sent));
        this.#open.add(sent);
      }
    }
  }

  #send({ target, token }: Caller, attempt: Attempt): Promise<void> {
    return new Promise((resolve) => {
      const ended = () => {
        attempt.ended ??= performance.now();
        resolve();
      };
      const body = JSON.stringify(observationOf(this.#options.system, attempt));
      const headers = {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/fhir+json',
        'Content-Length': Buffer.byteLength(body),
      };
      const sent = request(
        `${target.fhirBase}/Observation`,
        // A connection each: on one that the server is just closing a write would be lost that nobody had.
        { method: 'POST', agent: false, headers, signal: AbortSignal.timeout(PATIENCE) },
        (answer) => {
          const { statusCode, headers: answered } = answer;
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', ended);
          answer.on('end', () => {
            Object.assign(attempt, {
              status: statusCode,
              ...(answered.location !== undefined && { location: answered.location }),
              ...(answered['retry-after'] !== undefined && { retryAfter: answered['retry-after'] }),
              ...(statusCode !== 201 && { said: Buffer.concat(chunks).toString() }),
            });
            ended();
          });
        },
      );
      sent.on('error', ({ name, message }) => {
        attempt.said ??= name === 'AbortError' ? HUNG : message;
        ended();
      });
      sent.end(body);
    });
  }
}
