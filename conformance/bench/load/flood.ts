import type { FloodJob, FloodOutcome, LoadRequest } from './job.ts';
import { Lines } from './lines.ts';
import { Tally } from './tally.ts';

/** Requests that are sent before answers are looked for. */
const AT_ONCE = 50;

/**
 * Runs a flood in this process. A request's latency counts from when it was due; one that is due while every connection
 * waits for an answer is not sent, and counted as that.
 */
export async function runFlood(job: FloodJob): Promise<FloodOutcome> {
  const { origin, rate, seconds, connections } = job;
  const requests = prepared(job);
  const lines = new Lines(origin, connections);
  const tally = new Tally();
  const created: string[] = [];
  const retryAfter: Record<string, number> = {};
  let unsent = 0;
  let waiting = 0;
  const due = (index: number) => tally.start + (index * 1000) / rate;
  const over = () => performance.now() >= tally.start + seconds * 1000;
  for (let next = 0; !over(); await new Promise((resolve) => setImmediate(resolve))) {
    // Answers are read in between, also when it is late.
    for (let turn = 0; turn < AT_ONCE && due(next) <= performance.now(); turn += 1, next += 1) {
      const request = requests[next % requests.length];
      if (!request) throw new RangeError('a load without requests');
      const at = due(next);
      const sent = lines.send(request, (answer) => {
        waiting -= 1;
        if (!answer) return tally.unanswered();
        tally.answered(answer.status, performance.now() - at);
        if (answer.status === 201 && answer.location !== undefined) created.push(answer.location);
        if (answer.retryAfter !== undefined) retryAfter[answer.status] = (retryAfter[answer.status] ?? 0) + 1;
      });
      if (sent) tally.sent();
      if (sent) waiting += 1;
      else unsent += 1;
    }
  }
  while (waiting > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const connectionsOpen = lines.open;
  lines.close();
  return { ...tally.outcome(), created, retryAfter, unsent, connectionsOpen };
}

/** The bytes of every request in the name of everyone who sends: nothing is put together while the load runs. */
function prepared({ origin, requests, headers, authorizations }: FloodJob): Buffer[] {
  const { host } = new URL(origin);
  const names = authorizations.length === 0 ? [undefined] : authorizations;
  return requests.map((request, index) => bytesOf(request, host, headers, names[index % names.length]));
}

function bytesOf(
  { method, path, body = '' }: LoadRequest,
  host: string,
  headers: Readonly<Record<string, string>>,
  authorization: string | undefined,
): Buffer {
  const all = {
    Host: host,
    ...headers,
    ...(authorization !== undefined && { Authorization: authorization }),
    ...(body !== '' && { 'Content-Length': String(Buffer.byteLength(body)) }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}
