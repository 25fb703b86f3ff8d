import { Agent, request } from 'node:http';
import type { LoadRequest, OpenJob, Outcome } from './job.ts';
import { Tally } from './tally.ts';

/** Milliseconds that an answer may take. */
const PATIENCE = 60_000;

/**
 * Runs an open load in this process. A request's latency counts from when it was due, so that one that a busy machine
 * sent late does not look fast.
 */
export async function runOpen(job: OpenJob): Promise<Outcome> {
  const { origin, requests, headers, authorizations, rate, amount } = job;
  const agent = new Agent({ keepAlive: true });
  const tally = new Tally();
  const due = (index: number) => tally.start + (index * 1000) / rate;
  const answers: Promise<void>[] = [];
  for (let sent = 0; sent < amount; await new Promise((resolve) => setTimeout(resolve, 1))) {
    for (; sent < amount && due(sent) <= performance.now(); sent += 1) {
      const next = requests[sent % requests.length];
      if (!next) throw new RangeError('a load without requests');
      const Authorization = authorizations[sent % authorizations.length];
      const all = { ...headers, ...(Authorization !== undefined && { Authorization }) };
      tally.sent();
      answers.push(send(origin + next.path, next, all, agent, due(sent), tally));
    }
  }
  await Promise.all(answers);
  agent.destroy();
  return tally.outcome();
}

function send(
  url: string,
  { method, body }: LoadRequest,
  headers: Readonly<Record<string, string>>,
  agent: Agent,
  due: number,
  tally: Tally,
): Promise<void> {
  return new Promise((resolve) => {
    const gone = () => {
      tally.unanswered();
      resolve();
    };
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
    const sent = request(url, { method, agent, headers: { ...headers, ...length } }, (answer) => {
      answer.on('end', () => {
        tally.answered(answer.statusCode ?? 0, performance.now() - due);
        resolve();
      });
      answer.resume();
    });
    sent.on('error', gone);
    sent.setTimeout(PATIENCE, () => sent.destroy(new Error('no answer came')));
    sent.end(body);
  });
}
