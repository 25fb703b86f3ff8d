import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';

const LIMIT = 5000;

/** GET over TLS, trusting `ca`; with `client`, a folder with `server.crt` and `server.key`, showing a certificate. */
export function get(url: string, ca: string, client?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const identity = client && {
      cert: readFileSync(join(client, 'server.crt')),
      key: readFileSync(join(client, 'server.key')),
    };
    const call = request(
      url,
      { ca: readFileSync(ca), timeout: LIMIT, agent: false, ...identity },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (answer.statusCode === 200) resolve(text);
          else reject(new Error(`${url} answered ${answer.statusCode}: ${text}`));
        });
      },
    );
    call.on('timeout', () => call.destroy(new Error(`${url} did not answer`)));
    call.on('error', reject);
    call.end();
  });
}

/** Resolves when something listens on the port. */
export function listening(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: LIMIT });
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('timeout', () => socket.destroy(new Error(`${host}:${port} did not answer`)));
    socket.once('error', reject);
  });
}
