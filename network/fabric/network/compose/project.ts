import type { Organisation } from '../definition.ts';
import { foldersOfOrganisation, type Network } from '../network.ts';
import type { Yaml } from '../yaml.ts';
import { caService, ordererService, peerService } from './services-of-fabric.ts';
import {
  chaincodeService,
  gatewayService,
  postgresName,
  postgresService,
  setupService,
} from './services-of-ours.ts';

const FIRST_GATEWAY_PORT = 8080;

/**
 * A Docker Compose project of the network: every node a container that its name leads to, and under the profile
 * `gateways` each organisation's gateway with a PostgreSQL of its own. `source` is the folder that our images are built
 * from. Paths are relative to the network's folder, where the file stands.
 */
export function composeProject(network: Network, source: string): Yaml {
  const { definition, folders } = network;
  const { ordering, organisations } = definition;
  const orderingFolders = foldersOfOrganisation(network, ordering);
  return {
    name: `fhir-fabric-${definition.basePort}`,
    services: {
      ...Object.fromEntries(
        ordering.orderers.map((node) => [node.name, ordererService(folders, orderingFolders, node)]),
      ),
      ...Object.assign({}, ...organisations.map((own, at) => servicesOf(network, source, own, at))),
      setup: setupService(source),
    },
    volumes: Object.fromEntries(organisations.map(({ name }) => [`postgres-${name}`, {}])),
  };
}

function servicesOf(network: Network, source: string, own: Organisation, at: number): Record<string, Yaml> {
  const folders = foldersOfOrganisation(network, own);
  const made = network.deployment?.packages[own.name];
  if (!made) throw new RangeError(`${own.name} has no chaincode package`);
  return {
    [own.ca.name]: caService(network.folders, folders, own),
    ...Object.fromEntries(own.peers.map((node) => [node.name, peerService(network.folders, folders, node)])),
    [own.chaincode.name]: chaincodeService(network, source, own, made),
    [postgresName(own)]: postgresService(network, own),
    [`gateway.${own.domain}`]: gatewayService(network, source, own, FIRST_GATEWAY_PORT + at),
  };
}
