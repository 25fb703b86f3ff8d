import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

export interface RunningDemo {
  baseUrl: string;
  dataDir: string;
  pid: number;
  /** Asks it to end (SIGTERM) and waits until it has. */
  stop(): Promise<void>;
}

/** Starts the demo server on a free port of 127.0.0.1 and waits for its `ready` line. Rejects when it ends before. */
export async function startDemo(dataDir: string, env: Record<string, string> = {}): Promise<RunningDemo> {
  const port = await freePort();
  const child = spawn(process.execPath, ['gateway/start.mjs', '--demo'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      LOG_LEVEL: 'warn',
      ...env,
      PORT: String(port),
      BASE_URL: `http://127.0.0.1:${port}`,
      DATA_DIR: dataDir,
    },
  });
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const baseUrl = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      if (line.startsWith('ready ')) resolve(line.slice('ready '.length));
    });
    void ended.then((code) => reject(new Error(`the demo ended with ${code} before it was ready`)));
  });
  return {
    baseUrl,
    dataDir,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
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
