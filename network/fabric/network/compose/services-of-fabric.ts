import { relative } from 'node:path';
import type { Node, Orderer, Organisation } from '../definition.ts';
import type { Folders, OrganisationFolders } from '../folders.ts';
import { LOGGING } from '../native/specs.ts';
import type { Yaml } from '../yaml.ts';

/** Where a network's folder stands inside containers: each sees its own part of it. */
export const INSIDE = '/fabric';

type Service = Readonly<Record<string, Yaml>>;

/** A folder of the network, mounted where the configuration files expect it. */
export function mounted(folders: Folders, folder: string, access: 'ro' | 'rw'): string {
  const path = relative(folders.root, folder);
  return `./${path}:${INSIDE}/${path}:${access}`;
}

/** What a folder of the network is called inside. */
export const inside = (folders: Folders, folder: string): string =>
  `${INSIDE}/${relative(folders.root, folder)}`;

/** On this machine's loopback alone. */
export const published = (...ports: readonly number[]): string[] =>
  ports.map((port) => `127.0.0.1:${port}:${port}`);

/** The user whose files the network's folder holds, where systems have such. */
export const asOwner = (): Service => {
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  return uid === undefined || gid === undefined ? {} : { user: `${uid}:${gid}` };
};

function node(folders: Folders, folder: string, { name }: Node): Service {
  return {
    hostname: name,
    restart: 'unless-stopped',
    ...asOwner(),
    // Relative paths of the configuration begin here.
    working_dir: inside(folders, folder),
    volumes: [mounted(folders, folder, 'rw')],
  };
}

export function peerService(folders: Folders, own: OrganisationFolders, peer: Node): Service {
  const folder = own.node(peer.name);
  return {
    image: 'hyperledger/fabric-peer:${FABRIC_TAG:-2.5}',
    command: ['peer', 'node', 'start'],
    ...node(folders, folder, peer),
    environment: {
      ...LOGGING,
      FABRIC_CFG_PATH: inside(folders, folder),
      CORE_LEDGER_SNAPSHOTS_ROOTDIR: `${inside(folders, folder)}/data/snapshots`,
    },
    ports: published(peer.port, peer.operationsPort),
  };
}

export function ordererService(folders: Folders, own: OrganisationFolders, orderer: Orderer): Service {
  const folder = own.node(orderer.name);
  return {
    image: 'hyperledger/fabric-orderer:${FABRIC_TAG:-2.5}',
    command: ['orderer'],
    ...node(folders, folder, orderer),
    environment: { ...LOGGING, FABRIC_CFG_PATH: inside(folders, folder) },
    ports: published(orderer.port, orderer.adminPort, orderer.operationsPort),
  };
}

export function caService(folders: Folders, own: OrganisationFolders, { ca }: Organisation): Service {
  const folder = own.node(ca.name);
  const service = node(folders, folder, ca);
  return {
    image: 'hyperledger/fabric-ca:${FABRIC_CA_TAG:-1.5}',
    command: ['fabric-ca-server', 'start'],
    ...service,
    volumes: [mounted(folders, folder, 'rw'), mounted(folders, own.ca, 'ro')],
    environment: { FABRIC_CA_SERVER_HOME: inside(folders, folder) },
    ports: published(ca.port, ca.operationsPort),
  };
}
