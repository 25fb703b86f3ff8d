import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import { mavenPackage } from './maven.ts';
import { ROOT, stopProcess } from './processes.ts';

/** A HAPI server that was started. */
export interface Hapi {
  origin: string;
  /** The FHIR base's path. */
  base: string;
  /**
   * When it answers: its version, and what it runs on, `HAPI FHIR 8.6.0, Java 17.0.15, PostgreSQL 18.4`. Rejects when it
   * ends before.
   */
  ready: Promise<string>;
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>;
}

const SOURCES = new URL('conformance/bench/hapi/', ROOT);
/** Where its pom.xml has it built. */
const JAR = new URL('.data/bench/hapi/hapi.jar', ROOT);
const BASE = '/fhir';

/** Builds HAPI's server from Maven's packages. Rejects when that fails. */
export const buildHapi = (): Promise<void> => mavenPackage(SOURCES);

/** Starts HAPI's server over a database (a JDBC URL) on a free port of 127.0.0.1. */
export async function startHapi(databaseUrl: string): Promise<Hapi> {
  const port = await freePort();
  const child = spawn('java', ['-jar', fileURLToPath(JAR)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PORT: String(port), DATABASE_URL: databaseUrl },
  });
  const origin = `http://127.0.0.1:${port}`;
  const runsOn = new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      if (line.startsWith('ready ')) resolve(line.slice('ready '.length));
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`HAPI ended with ${code} before it was ready`)));
  });
  return {
    origin,
    base: BASE,
    ready: runsOn.then(async (machine) => `HAPI FHIR ${await versionAt(origin)}, ${machine}`),
    stop: () => stopProcess(child),
  };
}

async function versionAt(origin: string): Promise<string> {
  const answer = await fetch(`${origin}${BASE}/metadata`, { headers: { Accept: 'application/fhir+json' } });
  if (!answer.ok) throw new Error(`HAPI's CapabilityStatement: ${answer.status}`);
  const { software } = (await answer.json()) as { software: { version: string } };
  return software.version;
}
