import { join } from 'node:path';

/**
 * Where the files of a network lie under its root. What an organisation's operator holds is all in the organisation's
 * own folder: its CA, its administrator, its peers, its chaincode packages.
 */
export interface Folders {
  readonly root: string;
  /** The definition, and what has been deployed of it. */
  readonly state: string;
  /** Process records and logs. */
  readonly run: string;
  readonly channel: string;
  readonly connections: string;
  readonly organisations: string;
  /** Secrets of gateways that run as containers. */
  readonly gateways: string;
  organisation(name: string): OrganisationFolders;
}

export interface OrganisationFolders {
  readonly root: string;
  /** `certificate.pem`, `key.pem`: issues what its people and nodes sign with. */
  readonly ca: string;
  /** Likewise, for TLS. */
  readonly tlsCa: string;
  /** What the others know of it: roots and the rule by which its members' kinds are told apart. */
  readonly msp: string;
  /** The administrator's `msp` and `tls`. */
  readonly admin: string;
  /** Packages and TLS material of its chaincode server. */
  readonly chaincode: string;
  /** A peer, an orderer or the Fabric CA: configuration, `msp`, `tls`, `data`. */
  node(name: string): string;
}

export function foldersOf(root: string): Folders {
  return {
    root,
    state: join(root, 'network.json'),
    run: join(root, 'run'),
    channel: join(root, 'channel'),
    connections: join(root, 'connections'),
    organisations: join(root, 'organisations'),
    gateways: join(root, 'gateways'),
    organisation(name) {
      const folder = join(root, 'organisations', name);
      return {
        root: folder,
        ca: join(folder, 'ca'),
        tlsCa: join(folder, 'tls-ca'),
        msp: join(folder, 'msp'),
        admin: join(folder, 'admin'),
        chaincode: join(folder, 'chaincode'),
        node: (node) => join(folder, 'nodes', node),
      };
    },
  };
}
