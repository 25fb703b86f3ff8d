import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import type { Recording } from './recording.ts';

/**
 * The least that a server on Koa can do: it takes a request's bytes and sends the answer that was recorded for its
 * method and path. Recordings come in one message; its port goes back.
 */
process.once('message', (recordings: Recording[]) => {
  const answers = new Map(
    recordings.map(({ method, path, status, headers, body }) => [
      `${method} ${path}`,
      { status, headers, body: Buffer.from(body) },
    ]),
  );
  const app = new Koa();
  app.use(async (ctx) => {
    // A server that leaves the body where it is would have its connection closed.
    for await (const _chunk of ctx.req);
    const answer = answers.get(`${ctx.method} ${ctx.url}`);
    if (!answer) return;
    ctx.status = answer.status;
    ctx.body = answer.body;
    ctx.set(answer.headers);
  });
  const server = app.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
});
