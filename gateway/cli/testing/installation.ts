import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Outcome {
  code: number | null;
  said: string;
  wrong: string;
}

/** A gateway as somebody installs it: a data folder, its environment, and its commands as processes of their own. */
export interface Installation {
  dataDir: string;
  baseUrl: string;
  fhirBase: string;
  /** Runs `gateway/cli/<command>.ts` to its end. */
  run(command: string, args: readonly string[], input?: string, env?: Record<string, string>): Outcome;
  /** Starts the server, not the demo, and waits for its `ready` line; answers how to stop it. */
  start(): Promise<() => Promise<void>>;
  remove(): void;
}

export async function install(): Promise<Installation> {
  const dataDir = mkdtempSync(join(tmpdir(), 'installation-'));
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  const own = {
    MASTER_SECRET: 'a secret of a test, which is long enough',
    ORGANISATIONS: 'HospitalMSP=hospital=The Hospital;LabMSP=lab=The Lab',
    ...{ DATA_DIR: dataDir, PORT: String(port), BASE_URL: baseUrl, LOG_LEVEL: 'warn', NODE_NO_WARNINGS: '1' },
  };
  return {
    ...{ dataDir, baseUrl, fhirBase: `${baseUrl}/fhir/R4` },
    run(command, args, input = '', env = {}) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [`gateway/cli/${command}.ts`, ...args], {
        ...{ env: { ...process.env, ...own, ...env }, input, encoding: 'utf8' },
      });
      return { code: status, said: stdout, wrong: stderr };
    },
    async start() {
      const child = spawn(process.execPath, ['gateway/start.mjs'], {
        ...{ stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...own } },
      });
      const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
      await new Promise<void>((resolve, reject) => {
        createInterface(child.stdout).on('line', (line) => {
          if (line === `ready ${baseUrl}`) resolve();
        });
        void ended.then(() => reject(new Error('the server ended before it was ready')));
      });
      return async () => {
        child.kill('SIGTERM');
        await ended;
      };
    },
    remove: () => rmSync(dataDir, { recursive: true, force: true }),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
