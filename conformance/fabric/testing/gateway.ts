import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Target } from '../../clients/target.ts';
import { freePort } from '../../bench/servers/free-port.ts';
import { ROOT, stopProcess } from '../../bench/servers/processes.ts';

export interface GatewayOptions {
  /** What `LEDGER` says. */
  connection: string;
  dataDir: string;
  /** A file that standard error is added to. */
  log: string;
  /** What clients see; by default its own address. */
  baseUrl?: string;
  env?: Readonly<Record<string, string>>;
}

/** A gateway with the demo's accounts, as a process that can be ended and started again at the same place. */
export class GatewayProcess implements Target {
  /** Its own address. */
  readonly origin: string;
  /** What clients see. */
  readonly baseUrl: string;
  readonly fhirBase: string;
  readonly dataDir: string;
  readonly log: string;
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;

  private constructor({ connection, dataDir, log, baseUrl, env }: GatewayOptions, port: number) {
    this.origin = `http://127.0.0.1:${port}`;
    this.baseUrl = baseUrl ?? this.origin;
    this.fhirBase = `${this.baseUrl}/fhir/R4`;
    this.dataDir = dataDir;
    this.log = log;
    this.#env = {
      LOG_LEVEL: 'info',
      ...env,
      LEDGER: connection,
      DATA_DIR: dataDir,
      PORT: String(port),
      BASE_URL: this.baseUrl,
    };
  }

  /** One that will listen on a free port of 127.0.0.1, once it is started. */
  static async prepare(options: GatewayOptions): Promise<GatewayProcess> {
    return new GatewayProcess(options, await freePort());
  }

  /** Starts it, the first time or again; resolves once it serves. Rejects when it ends before. */
  async start(): Promise<void> {
    const log = openSync(this.log, 'a');
    const child = spawn(process.execPath, ['gateway/start.mjs', '--demo'], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', log],
      env: { ...process.env, ...this.#env },
    });
    closeSync(log);
    this.#child = child;
    const { stdout } = child;
    if (!stdout) throw new Error('its standard output is piped');
    await new Promise<void>((resolve, reject) => {
      createInterface(stdout).on('line', (line) => {
        if (line.startsWith('ready ')) resolve();
      });
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`the gateway ended with ${code}; see ${this.log}`)));
    });
  }

  /** Ends it at once, whatever it is doing. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Asks it to end, and waits until it has. */
  async stop(): Promise<void> {
    if (this.#child) await stopProcess(this.#child);
  }
}
