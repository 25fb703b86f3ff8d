import autocannon from 'autocannon';
import type { ClosedJob, Outcome } from './job.ts';
import { Tally } from './tally.ts';

/** Seconds that an answer may take. */
const PATIENCE = 60;

/** Runs a closed load in this process. Requests under way when its time is over are not counted. */
export async function runClosed(job: ClosedJob): Promise<Outcome> {
  const { origin, connections, until } = job;
  let connection = 0;
  const tally = new Tally();
  await new Promise<void>((resolve, reject) => {
    const run = autocannon(
      {
        url: origin,
        connections,
        timeout: PATIENCE,
        sampleInt: 100,
        ...('requests' in until ? { amount: until.requests } : { duration: until.seconds }),
        setupClient: (client) => client.setRequests(requestsOf(job, connection++)),
      },
      (error: unknown) => (error ? reject(error as Error) : resolve()),
    );
    run.on('response', (_client, status, _bytes, latency) => tally.answered(status, latency));
    run.on('reqError', () => tally.unanswered());
  });
  return tally.outcome();
}

/**
 * What one connection sends. Of a given number of requests, the share that no other sends; else all of them, each
 * connection beginning elsewhere.
 */
function requestsOf(
  { requests, headers, authorizations, connections, until }: ClosedJob,
  connection: number,
): autocannon.Request[] {
  const authorization = authorizations[connection % authorizations.length];
  const start = Math.floor((connection * requests.length) / connections);
  const own =
    'requests' in until
      ? requests.filter((_, index) => index % connections === connection)
      : [...requests.slice(start), ...requests.slice(0, start)];
  return own.map((request) => ({
    ...request,
    headers: { ...headers, ...(authorization !== undefined && { Authorization: authorization }) },
  }));
}
