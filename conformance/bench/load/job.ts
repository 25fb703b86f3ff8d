/** A request of a load; `path` from the origin on. */
export interface LoadRequest {
  method: 'GET' | 'POST';
  path: string;
  body?: string;
}

interface Load {
  /** `http://127.0.0.1:8080` */
  origin: string;
  /** Sent in turns. */
  requests: readonly LoadRequest[];
  /** Of every request. */
  headers: Readonly<Record<string, string>>;
  /** Values of `Authorization`: connections, or requests of an open load, take turns. Empty: none is sent. */
  authorizations: readonly string[];
}

/** So many connections, each of which sends its next request when it has the answer to the one before. */
export interface ClosedJob extends Load {
  kind: 'closed';
  connections: number;
  /** It ends after so many requests, or so many seconds; one of the two is given. */
  until: { requests: number } | { seconds: number };
}

/** Requests that are sent at a steady rate, whether or not those before were answered. */
export interface OpenJob extends Load {
  kind: 'open';
  /** Requests a second. */
  rate: number;
  amount: number;
}

/** An open load, over so many connections at most, that notes what became of what it sent. */
export interface FloodJob extends Load {
  kind: 'flood';
  /** Requests a second. */
  rate: number;
  seconds: number;
  connections: number;
}

export type Job = ClosedJob | OpenJob | FloodJob;

/** What a load came to. Times are milliseconds; latencies are those of answers with a status of 200 to 299. */
export interface Outcome {
  /** From the first request to the last answer. */
  seconds: number;
  /** From the first request to the last. */
  sendSeconds: number;
  succeeded: number;
  /** Answers by status. */
  statuses: Record<string, number>;
  /** Requests that got no answer. */
  unanswered: number;
  latency: { p50: number; p99: number; mean: number; max: number };
  /** Share of one core that the load's own process took; near 1, it is the load that was measured. */
  busy: number;
}

/** What became of a flood. */
export interface FloodOutcome extends Outcome {
  /** `Location` of everything that was answered with 201. */
  created: readonly string[];
  /** Answers with a `Retry-After`, by status. */
  retryAfter: Record<string, number>;
  /** Requests that were due while every connection waited for an answer. */
  unsent: number;
  /** Connections that it had in the end. */
  connectionsOpen: number;
}

/** Answers of success a second; 0 when there was none. */
export const perSecond = ({ succeeded, seconds }: Outcome): number =>
  succeeded === 0 ? 0 : succeeded / seconds;

/** Requests that were not answered, or not with a status of 200 to 299. */
export const failures = ({ statuses, unanswered, succeeded }: Outcome): number =>
  Object.values(statuses).reduce((sum, count) => sum + count, 0) - succeeded + unanswered;
