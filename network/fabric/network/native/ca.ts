import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { Organisation } from '../definition.ts';
import type { OrganisationFolders } from '../folders.ts';
import { writeSecret } from '../material/files.ts';
import { foldersOfOrganisation, type Network } from '../network.ts';
import { caConfig } from '../material/ca-config.ts';
import { toYaml } from '../yaml.ts';
import { get } from './health.ts';
import type { ProcessSpec } from './processes.ts';

/** Who registers others. Its secret is random, in `registrar.secret` of the CA's folder. */
export const REGISTRAR = 'registrar';

export const registrarSecretFile = (own: Organisation, folders: OrganisationFolders): string =>
  join(folders.node(own.ca.name), 'registrar.secret');

/** Writes the configuration of an organisation's Fabric CA, on the organisation's own CA key. */
export function writeCa(own: Organisation, folders: OrganisationFolders, listen: string): void {
  const secret = randomBytes(24).toString('base64url');
  writeSecret(registrarSecretFile(own, folders), secret);
  const file = join(folders.node(own.ca.name), 'fabric-ca-server-config.yaml');
  writeSecret(file, toYaml(caConfig(own, { name: REGISTRAR, secret }, listen)));
}

/** Undefined in a network without Fabric CA. */
export function caSpec(network: Network, own: Organisation): ProcessSpec | undefined {
  if (!network.definition.fabricCa) return undefined;
  const folder = foldersOfOrganisation(network, own).node(own.ca.name);
  return {
    name: own.ca.name,
    record: own.ca.name,
    kind: 'ca',
    command: network.binaries.caServer,
    args: ['start'],
    folder,
    env: { FABRIC_CA_SERVER_HOME: folder },
    health: async () => {
      await get(
        `https://${network.placement.host(own.ca.name)}:${own.ca.operationsPort}/healthz`,
        join(folder, 'tls', 'ca.crt'),
      );
    },
  };
}
