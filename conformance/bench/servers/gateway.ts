import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { freePort } from './free-port.ts';
import { ROOT, stopProcess } from './processes.ts';

export interface GatewayOptions {
  dataDir: string;
  /** With the demo's accounts, clients and data. */
  demo: boolean;
  env?: Readonly<Record<string, string>>;
  /** Where CPU profiles go, one a thread, when it ends; none are made without. */
  profiles?: string;
}

export interface RunningGateway {
  baseUrl: string;
  dataDir: string;
  /** Its resident memory now, in megabytes; NaN where the system does not say it in /proc. */
  residentMegabytes(): number;
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>;
}

/** Starts a gateway on a free port of 127.0.0.1 and waits for its `ready` line. Rejects when it ends before. */
export async function startGateway({
  dataDir,
  demo,
  env = {},
  profiles,
}: GatewayOptions): Promise<RunningGateway> {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [
      ...(profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`]),
      // As `npm start` has it.
      '--max-semi-space-size=8',
      'gateway/start.mjs',
      ...(demo ? ['--demo'] : []),
    ],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        LOG_LEVEL: 'warn',
        ...env,
        PORT: String(port),
        BASE_URL: `http://127.0.0.1:${port}`,
        DATA_DIR: dataDir,
      },
    },
  );
  child.stderr.pipe(process.stderr, { end: false });
  const baseUrl = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      if (line.startsWith('ready ')) resolve(line.slice('ready '.length));
    });
    child.once('error', reject);
    void once(child, 'exit').then(([code]) =>
      reject(new Error(`the gateway ended with ${code} before it was ready`)),
    );
  });
  return {
    baseUrl,
    dataDir,
    residentMegabytes: () => residentMegabytes(child.pid),
    stop() {
      // What a load left under way fails now, and says so at length: nobody waits for it.
      child.stderr.unpipe(process.stderr).resume();
      return stopProcess(child);
    },
  };
}

function residentMegabytes(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}
