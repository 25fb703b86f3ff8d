import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Node, Orderer, Organisation } from '../definition.ts';
import { foldersOfOrganisation, type Network } from '../network.ts';
import { caSpec } from './ca.ts';
import { get, listening } from './health.ts';
import type { ProcessSpec } from './processes.ts';
import type { Package } from '../state.ts';

const SERVER = fileURLToPath(new URL('../../../../chaincode/server.ts', import.meta.url));

/** What nodes write to their logs, and how. */
export const LOGGING = {
  FABRIC_LOGGING_SPEC: 'info',
  FABRIC_LOGGING_FORMAT: '%{time:2006-01-02T15:04:05.000Z07:00} %{level} [%{module}] %{message}',
};

/** Every process that the network consists of, in the order in which they start. */
export function processesOf(network: Network): ProcessSpec[] {
  const { definition, deployment } = network;
  return [
    ...definition.organisations.flatMap((own) => caSpec(network, own) ?? []),
    ...definition.ordering.orderers.map((node) => ordererSpec(network, node)),
    ...definition.organisations.flatMap((own) => {
      const deployed = deployment?.packages[own.name];
      return [
        ...own.peers.map((node) => peerSpec(network, own, node)),
        ...(deployed ? [chaincodeSpec(network, own, deployed)] : []),
      ];
    }),
  ];
}

export function ordererSpec(network: Network, node: Orderer): ProcessSpec {
  const folder = foldersOfOrganisation(network, network.definition.ordering).node(node.name);
  return {
    name: node.name,
    record: node.name,
    kind: 'orderer',
    command: network.binaries.orderer,
    args: [],
    folder,
    env: { ...LOGGING, FABRIC_CFG_PATH: folder },
    health: () => healthz(network, folder, node),
  };
}

export function peerSpec(network: Network, own: Organisation, node: Node): ProcessSpec {
  const folder = foldersOfOrganisation(network, own).node(node.name);
  return {
    name: node.name,
    record: node.name,
    kind: 'peer',
    command: network.binaries.peer,
    args: ['node', 'start'],
    folder,
    env: {
      ...LOGGING,
      FABRIC_CFG_PATH: folder,
      // The one path of core.yaml that must not be relative.
      CORE_LEDGER_SNAPSHOTS_ROOTDIR: join(folder, 'data', 'snapshots'),
    },
    health: () => healthz(network, folder, node),
  };
}

const SEPARATOR = '~';

/** Servers of two versions run side by side while one takes the other's place. */
export const chaincodeRecord = (own: Organisation, version: number): string =>
  `${own.chaincode.name}${SEPARATOR}${version}`;

/** An organisation's chaincode server, for one package. It asks the peer for a certificate of the organisation's TLS CA. */
export function chaincodeSpec(
  network: Network,
  own: Organisation,
  { id, port, version }: Package,
): ProcessSpec {
  const { chaincode } = foldersOfOrganisation(network, own);
  const tls = join(chaincode, 'server');
  return {
    name: own.chaincode.name,
    record: chaincodeRecord(own, version),
    kind: 'chaincode',
    command: process.execPath,
    args: [SERVER],
    folder: chaincode,
    env: {
      CHAINCODE_ID: id,
      CHAINCODE_SERVER_ADDRESS: `${network.placement.listen}:${port}`,
      CHAINCODE_TLS_KEY_FILE: join(tls, 'server.key'),
      CHAINCODE_TLS_CERT_FILE: join(tls, 'server.crt'),
      CHAINCODE_TLS_CLIENT_CACERT_FILE: join(tls, 'ca.crt'),
    },
    health: () => listening(network.placement.host(own.chaincode.name), port),
  };
}

/** The operations endpoint answers before the node itself listens. */
async function healthz(
  network: Network,
  folder: string,
  { name, port, operationsPort }: Node,
): Promise<void> {
  const host = network.placement.host(name);
  await get(`https://${host}:${operationsPort}/healthz`, join(folder, 'tls', 'ca.crt'));
  await listening(host, port);
}
