import { createServer, type RequestListener, type Server } from 'node:http';
import type { ListenOptions } from 'node:net';

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

/**
 * Sockets that listen on the one port. Of each, a turn of the event loop takes one new connection; under load a turn is
 * long, and those who come would wait for seconds before anybody hears them.
 */
const LISTENERS = 128;

/** Connections that are kept at once; more are closed as they come. */
const CONNECTIONS = 10_000;

/** New connections of one socket that the system keeps until they are taken. */
const BACKLOG = 1024;

/** Begins to listen, so that the process can be seen to live while it waits for its ledger. Rejects when the port is taken. */
export async function openDoor(at: { host: string; port: number }): Promise<Door> {
  let handle = starting;
  let closing = false;
  const servers = await listen(at, (request, response) => {
    // A client that keeps its connection busy would never let the server end.
    if (closing) response.shouldKeepAlive = false;
    handle(request, response);
  });
  for (const server of servers) {
    server.keepAliveTimeout = KEEP_IDLE;
    server.maxConnections = Math.ceil(CONNECTIONS / servers.length);
  }
  return {
    serve: (served) => (handle = served),
    async close() {
      closing = true;
      await Promise.all(
        servers.map(async (server) => {
          const done = closed(server);
          server.closeIdleConnections();
          // Whoever is not done by then never meant to be.
          setTimeout(() => server.closeAllConnections(), FINISH_WITHIN).unref();
          await done;
        }),
      );
    },
  };
}

/** Listens with many sockets where the system shares connections out among them, else with one. */
async function listen(at: { host: string; port: number }, listener: RequestListener): Promise<Server[]> {
  // Sockets that share a port are not told that others have it.
  const alone = createServer(listener);
  await begin(alone, at);
  const address = alone.address();
  const port = typeof address === 'object' && address ? address.port : at.port;
  await closed(alone);
  const servers = Array.from({ length: LISTENERS }, () => createServer(listener));
  try {
    for (const server of servers) await begin(server, { ...at, port, reusePort: true });
    return servers;
  } catch {
    await Promise.all(servers.filter(({ listening }) => listening).map(closed));
    const one = createServer(listener);
    await begin(one, { ...at, port });
    return [one];
  }
}

function begin(server: Server, at: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...at, backlog: BACKLOG }, () => resolve());
  });
}

const closed = (server: Server): Promise<unknown> => new Promise((resolve) => server.close(resolve));
