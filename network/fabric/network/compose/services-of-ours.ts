import { join, relative } from 'node:path';
import type { Organisation } from '../definition.ts';
import { foldersOfOrganisation, type Network } from '../network.ts';
import type { Package } from '../state.ts';
import type { Yaml } from '../yaml.ts';
import { registrarSecretFile } from '../native/ca.ts';
import { asOwner, INSIDE, inside, mounted, published } from './services-of-fabric.ts';

type Service = Readonly<Record<string, Yaml>>;

/** An image of ours: a target of the Dockerfile beside this file. */
const built = (source: string, target: string): Service => ({
  image: `fhir-fabric-gateway/${target}`,
  build: {
    context: source,
    dockerfile: 'network/fabric/network/compose/Dockerfile',
    target,
    args: { FABRIC_TAG: '${FABRIC_TAG:-2.5}' },
  },
});

export function chaincodeService(
  network: Network,
  source: string,
  own: Organisation,
  made: Package,
): Service {
  const { folders } = network;
  const server = join(foldersOfOrganisation(network, own).chaincode, 'server');
  const file = (name: string) => `${inside(folders, server)}/${name}`;
  return {
    ...built(source, 'chaincode'),
    hostname: own.chaincode.name,
    restart: 'unless-stopped',
    ...asOwner(),
    volumes: [mounted(folders, server, 'ro')],
    environment: {
      CHAINCODE_ID: made.id,
      CHAINCODE_SERVER_ADDRESS: `0.0.0.0:${made.port}`,
      CHAINCODE_TLS_KEY_FILE: file('server.key'),
      CHAINCODE_TLS_CERT_FILE: file('server.crt'),
      CHAINCODE_TLS_CLIENT_CACERT_FILE: file('ca.crt'),
    },
  };
}

/** Run once, and again whenever something of it is missing: channel, chaincode, as `network:up` does it. */
export const setupService = (source: string): Service => ({
  ...built(source, 'setup'),
  profiles: ['setup'],
  ...asOwner(),
  environment: { FABRIC_DIR: INSIDE },
  volumes: [`.:${INSIDE}:rw`],
  working_dir: '/app',
});

export const postgresService = (network: Network, own: Organisation): Service => ({
  image: 'postgres:18',
  profiles: ['gateways'],
  restart: 'unless-stopped',
  env_file: [`./${relative(network.folders.root, gatewayFiles(network, own).postgres)}`],
  // A volume: the image sets its owner itself.
  volumes: [`postgres-${own.name}:/var/lib/postgresql`],
  healthcheck: { test: ['CMD', 'pg_isready', '-U', 'gateway'], interval: '2s', timeout: '5s', retries: 60 },
});

/** An organisation's gateway sees its own connection file, its own CA's registrar, and the others' TLS roots alone. */
export function gatewayService(network: Network, source: string, own: Organisation, port: number): Service {
  const { folders, definition } = network;
  const files = gatewayFiles(network, own);
  const connection = join(folders.connections, 'containers', `${own.name}.json`);
  const roots = [...definition.organisations, definition.ordering].map((whose) =>
    join(foldersOfOrganisation(network, whose).tlsCa, 'certificate.pem'),
  );
  const registrar = registrarSecretFile(own, foldersOfOrganisation(network, own));
  return {
    ...built(source, 'gateway'),
    profiles: ['gateways'],
    hostname: `gateway.${own.domain}`,
    restart: 'unless-stopped',
    ...asOwner(),
    env_file: [`./${relative(folders.root, files.gateway)}`],
    environment: {
      HOST: '0.0.0.0',
      PORT: port,
      BASE_URL: `http://localhost:${port}`,
      LEDGER: inside(folders, connection),
      DATA_DIR: '/app/.data',
    },
    depends_on: { [postgresName(own)]: { condition: 'service_healthy' } },
    volumes: [
      ...[connection, ...roots, registrar].map((file) => mounted(folders, file, 'ro')),
      `./${relative(folders.root, files.data)}:/app/.data:rw`,
    ],
    ports: published(port),
  };
}

export const postgresName = (own: Organisation): string => `postgres.${own.domain}`;

/** Where an organisation's gateway and its database find their secrets, and the gateway keeps its own files. */
export function gatewayFiles({ folders }: Network, own: Organisation) {
  const folder = join(folders.gateways, own.name);
  return {
    gateway: join(folder, 'gateway.env'),
    postgres: join(folder, 'postgres.env'),
    data: join(folder, 'data'),
  };
}
