import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type CryptoKey } from 'jose';
import type { GatewayOptions } from './gateway.ts';
import { npmRun } from './npm.ts';

const ORGANISATIONS = 'HospitalMSP=hospital=Benchmark Hospital;LabMSP=lab=Benchmark Lab';

/** The systems of a gateway that was prepared: the first is the one that opens records. */
export const systemName = (number: number): string =>
  number === 0 ? 'hospital-system' : `hospital-system-${number}`;

/**
 * Prepares the hospital's gateway on a Fabric network as an operator would, with so many systems, each of which has an
 * identity of its own on the ledger; answers how to start it.
 */
export async function prepareFabricGateway(
  dataDir: string,
  connection: string,
  systems: number,
): Promise<GatewayOptions> {
  const env = {
    DATA_DIR: dataDir,
    LEDGER: connection,
    ORGANISATIONS,
    MASTER_SECRET: randomBytes(32).toString('base64url'),
  };
  const keys = join(dataDir, 'clients');
  mkdirSync(keys, { recursive: true, mode: 0o700 });
  for (let number = 0; number < systems; number += 1) {
    const id = systemName(number);
    const shown = await writeKeys(keys, id);
    await npmRun(
      'client',
      [
        'create',
        '--id',
        id,
        '--name',
        id,
        '--organisation',
        'HospitalMSP',
        '--role',
        'system',
        '--jwks',
        shown,
      ],
      env,
    );
  }
  return { dataDir, demo: false, env };
}

/** Writes a new private key to `<id>.jwks.json`; answers the file of the public one. */
async function writeKeys(folder: string, id: string): Promise<string> {
  const { publicKey, privateKey } = await generateKeyPair('ES384', { extractable: true });
  const names = { kid: `${id}-1`, alg: 'ES384', use: 'sig' };
  const write = async (file: string, key: CryptoKey) => {
    const keys = [{ ...(await exportJWK(key)), ...names }];
    writeFileSync(join(folder, file), JSON.stringify({ keys }), { mode: 0o600 });
    return join(folder, file);
  };
  await write(`${id}.jwks.json`, privateKey);
  return write(`${id}.public.json`, publicKey);
}
