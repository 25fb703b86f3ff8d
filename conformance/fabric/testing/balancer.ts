import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands before the replicas of a gateway: one address, each request to the next of those that listen. */
export interface Balancer {
  baseUrl: string;
  /** Where it sends requests from now on, `http://127.0.0.1:4711` each. */
  serve(origins: readonly string[]): void;
  close(): Promise<void>;
}

/** Starts one on a free port of 127.0.0.1. */
export async function startBalancer(): Promise<Balancer> {
  let origins: readonly string[] = [];
  let turn = 0;
  const server = createServer((asked, answer) => {
    turn += 1;
    const inOrder = origins.map((_, index) => origins[(turn + index) % origins.length] ?? '');
    void pass(asked, answer, inOrder);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve: (given) => (origins = given),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** To the first of those that can be connected to; what was sent and not answered is not sent again. */
async function pass(
  asked: IncomingMessage,
  answer: ServerResponse,
  origins: readonly string[],
): Promise<void> {
  const body = Buffer.concat(await asked.toArray());
  for (const origin of origins) {
    try {
      const came = await forward(asked, body, origin);
      answer.writeHead(came.statusCode ?? 502, came.rawHeaders);
      came.pipe(answer);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') break;
    }
  }
  answer.writeHead(502).end();
}

function forward(asked: IncomingMessage, body: Buffer, origin: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { method, url = '/', headers } = asked;
    const sent = request(origin + url, { method, headers, agent: false }, resolve);
    sent.on('error', reject);
    sent.end(body);
  });
}
