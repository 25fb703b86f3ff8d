import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serverOptions } from './server.ts';

const base = { CHAINCODE_ID: 'ehr:abc', CHAINCODE_SERVER_ADDRESS: '127.0.0.1:9999' };

test('serves in the clear unless a key and a certificate are set', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chaincode-'));
  const file = (name: string) => join(folder, name);
  for (const name of ['key', 'cert', 'ca']) writeFileSync(file(name), name);
  expect(serverOptions(base)).toMatchObject({ ccid: 'ehr:abc', address: '127.0.0.1:9999' });
  expect(serverOptions(base)).not.toHaveProperty('tlsProps');
  const tls = { ...base, CHAINCODE_TLS_KEY_FILE: file('key'), CHAINCODE_TLS_CERT_FILE: file('cert') };
  expect(serverOptions(tls).tlsProps).toEqual({ key: Buffer.from('key'), cert: Buffer.from('cert') });
  const mutual = { ...tls, CHAINCODE_TLS_CLIENT_CACERT_FILE: file('ca') };
  expect(serverOptions(mutual).tlsProps).toMatchObject({ clientCACerts: Buffer.from('ca') });
  rmSync(folder, { recursive: true });
});

test('says what is missing', () => {
  expect(() => serverOptions({})).toThrow('CHAINCODE_ID and CHAINCODE_SERVER_ADDRESS');
  expect(() => serverOptions({ ...base, CHAINCODE_TLS_KEY_FILE: 'key' })).toThrow('CHAINCODE_TLS_CERT_FILE');
  expect(() => serverOptions({ ...base, CHAINCODE_TLS_CLIENT_CACERT_FILE: 'ca' })).toThrow(
    'CHAINCODE_TLS_KEY_FILE',
  );
});

test('started on its own, it listens where it is told', async () => {
  const port = await new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address() as AddressInfo;
      probe.close(() => resolve(free));
    });
  });
  const child = spawn(process.execPath, [fileURLToPath(new URL('./server.ts', import.meta.url))], {
    env: { ...process.env, ...base, NODE_OPTIONS: '', CHAINCODE_SERVER_ADDRESS: `127.0.0.1:${String(port)}` },
    stdio: 'ignore',
  });
  const connects = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.on('close', () => undefined).setTimeout(1000, () => socket.destroy());
      socket.once('connect', () => socket.end());
    });
  let listening = false;
  for (let attempt = 0; attempt < 100 && !listening && child.exitCode === null; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    listening = await connects();
  }
  child.kill();
  expect(listening).toBe(true);
});
