import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FabricCaOptions } from '../fabric-ca.ts';
import { freePort } from './postgres.ts';

const SECRET = 'registrar-secret';
const READY_WITHIN = 120_000;

export interface RunningCa {
  options: FabricCaOptions;
  stop(): Promise<void>;
}

/** Starts Fabric CA's server from FABRIC_BIN, with TLS, on a free port of 127.0.0.1; its folder goes when it stops. */
export async function startFabricCa(): Promise<RunningCa> {
  const folder = mkdtempSync(join(tmpdir(), 'fabric-ca-'));
  const port = await freePort();
  const server = spawn(
    join(process.env['FABRIC_BIN'] ?? '', 'fabric-ca-server'),
    [
      ...['start', '-b', `registrar:${SECRET}`, '--address', '127.0.0.1', '-p', String(port)],
      ...['--tls.enabled', '--csr.hosts', '127.0.0.1', '--csr.cn', 'ca.hospital.example'],
      ...['--ca.name', 'ca-hospital', '--operations.listenaddress', '127.0.0.1:0', '--home', folder],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  server.stderr.on('data', (chunk) => (log += String(chunk)));
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    server.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `https://127.0.0.1:${port}`;
  const deadline = Date.now() + READY_WITHIN;
  while (!(await answers(`${url}/cainfo`))) {
    if (server.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`fabric-ca-server did not start: ${log}`);
    }
    await delay(100);
  }
  const enrollSecretFile = join(folder, 'registrar.secret');
  writeFileSync(enrollSecretFile, `${SECRET}\n`);
  const rootCertificates = readFileSync(join(folder, 'ca-cert.pem'), 'utf8');
  const registrar = { enrollId: 'registrar', enrollSecretFile };
  return { options: { url, caName: 'ca-hospital', rootCertificates, registrar }, stop };
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    get(url, { rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on('error', () => resolve(false));
  });
}
