import { createServer, type RequestListener, type Server } from 'node:http';

/** Milliseconds that requests under way get when the process is told to stop. */
const FINISH_WITHIN = 10_000;

/**
 * Milliseconds that an idle connection is kept: longer than proxies and clients keep theirs, since a server that closes
 * first refuses the request that is on its way.
 */
const KEEP_IDLE = 75_000;

/** The process's HTTP server. */
export interface Door {
  /** From now on requests are answered. */
  serve(handle: RequestListener): void;
  /** Takes no more requests; resolves when those under way are done, or had their time. */
  close(): Promise<void>;
}

/** While the process starts: it lives, and is not ready. */
const starting: RequestListener = (request, response) => {
  const alive = request.url === '/healthz';
  response.writeHead(alive ? 200 : 503, {
    'Content-Type': 'text/plain',
    ...(!alive && { 'Retry-After': '2' }),
  });
  response.end(alive ? 'ok\n' : 'starting\n');
};

/** Begins to listen, so that the process can be seen to live while it waits for its ledger. Rejects when the port is taken. */
export async function openDoor({ host, port }: { host: string; port: number }): Promise<Door> {
  let handle = starting;
  let closing = false;
  const server = createServer((request, response) => {
    // A client that keeps its connection busy would never let the server end.
    if (closing) response.shouldKeepAlive = false;
    handle(request, response);
  });
  server.keepAliveTimeout = KEEP_IDLE;
  await listen(server, host, port);
  return {
    serve: (served) => (handle = served),
    async close() {
      closing = true;
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeIdleConnections();
        // Whoever is not done by then never meant to be.
        setTimeout(() => server.closeAllConnections(), FINISH_WITHIN).unref();
      });
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
}
