import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageChaincode } from '../lifecycle/package.ts';
import { writeConnections } from '../connections.ts';
import { writePublic, writeSecret } from '../material/files.ts';
import { saveNetwork, type Network } from '../network.ts';
import type { Package } from '../state.ts';
import { writeMaterial } from '../up.ts';
import { toYaml } from '../yaml.ts';
import { composeProject } from './project.ts';
import { gatewayFiles, postgresName } from './services-of-ours.ts';

/** The project's root. */
const SOURCE = fileURLToPath(new URL('../../../..', import.meta.url));

export const composeFile = (root: string): string => join(root, 'compose.yaml');

/** Writes what the containers need and the compose file; what is there of certificates and secrets stays. */
export async function writeCompose(network: Network): Promise<Network> {
  await writeMaterial(network);
  const packages: Record<string, Package> = {};
  for (const own of network.definition.organisations) {
    packages[own.name] = packageChaincode(network, own, network.deployment?.version ?? 1);
  }
  const written = saveNetwork({
    ...network,
    deployment: { sequence: 1, version: 1, ...network.deployment, packages },
  });
  writeConnections(written);
  writeGatewaySecrets(written);
  writePublic(composeFile(network.folders.root), toYaml(composeProject(written, SOURCE)));
  return written;
}

function writeGatewaySecrets(network: Network): void {
  const { organisations } = network.definition;
  const members = organisations.map(({ mspId, name }) => `${mspId}=${name}=${mspId.replace(/MSP$/, '')}`);
  for (const own of organisations) {
    const { gateway, postgres, data } = gatewayFiles(network, own);
    mkdirSync(data, { recursive: true });
    if (existsSync(gateway)) continue;
    const password = randomBytes(24).toString('hex');
    writeSecret(postgres, `POSTGRES_USER=gateway\nPOSTGRES_DB=gateway\nPOSTGRES_PASSWORD=${password}\n`);
    writeSecret(
      gateway,
      [
        `MASTER_SECRET=${randomBytes(32).toString('base64url')}`,
        `INDEX_URL=postgres://gateway:${password}@${postgresName(own)}:5432/gateway`,
        `ORGANISATIONS=${members.join(';')}`,
        '',
      ].join('\n'),
    );
  }
}
