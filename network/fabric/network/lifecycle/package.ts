import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Organisation } from '../definition.ts';
import { writeSecret } from '../material/files.ts';
import { foldersOfOrganisation, type Network } from '../network.ts';
import { addressOf } from '../placement.ts';
import type { Package } from '../state.ts';
import { tarGz } from './tar.ts';

export const packageFile = (network: Network, own: Organisation, version: number): string =>
  join(foldersOfOrganisation(network, own).chaincode, `${label(network, version)}.tgz`);

const label = ({ definition }: Network, version: number) => `${definition.chaincode}_${version}`;

/**
 * Writes an organisation's chaincode package, unless it is there: where its server listens, and what its peers show to
 * it. It holds a private key and stays with the organisation, so each organisation's package has an id of its own.
 */
export function packageChaincode(network: Network, own: Organisation, version: number): Package {
  const file = packageFile(network, own, version);
  const port = own.chaincode.ports[version % 2 === 1 ? 0 : 1];
  if (!existsSync(file)) writeSecret(file, archive(network, own, label(network, version), port));
  const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
  return { id: `${label(network, version)}:${hash}`, version, port };
}

function archive(network: Network, own: Organisation, name: string, port: number): Buffer {
  const client = join(foldersOfOrganisation(network, own).chaincode, 'client');
  const connection = {
    address: addressOf(network.placement, { name: own.chaincode.name, port }),
    dial_timeout: '10s',
    tls_required: true,
    client_auth_required: true,
    client_key: readFileSync(join(client, 'server.key'), 'utf8'),
    client_cert: readFileSync(join(client, 'server.crt'), 'utf8'),
    root_cert: readFileSync(join(client, 'ca.crt'), 'utf8'),
  };
  return tarGz({
    'metadata.json': JSON.stringify({ type: 'ccaas', label: name }),
    'code.tar.gz': tarGz({ 'connection.json': JSON.stringify(connection) }),
  });
}
