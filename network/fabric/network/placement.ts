import type { Node } from './definition.ts';

/** Where nodes stand: all on this machine, or each in a container of its own. */
export interface Placement {
  /** The address that a node binds to. */
  readonly listen: string;
  /** Whether the nodes are containers, which something else starts and ends. */
  readonly containers: boolean;
  /** Folder of the external builder for chaincode as a service, as the peer sees it. */
  readonly builder: string;
  /** The host under which a node finds another. */
  host(name: string): string;
}

const LOOPBACK = '127.0.0.1';

/** How programs of this machine find nodes, which publish their ports on it wherever they run. */
export const fromThisMachine: Pick<Placement, 'host'> = { host: () => LOOPBACK };

/** Processes of this machine. `builder` is a folder of it. */
export const onThisMachine = (builder: string): Placement => ({
  listen: LOOPBACK,
  containers: false,
  builder,
  ...fromThisMachine,
});

/** Containers, which find each other by name. */
export const inContainers: Placement = {
  listen: '0.0.0.0',
  containers: true,
  builder: '/opt/hyperledger/ccaas_builder',
  host: (name) => name,
};

/** `host:port` as other nodes reach it. */
export const addressOf = (placement: Pick<Placement, 'host'>, node: Pick<Node, 'name' | 'port'>): string =>
  `${placement.host(node.name)}:${node.port}`;
