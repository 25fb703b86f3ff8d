import { join, relative } from 'node:path';
import { DEFAULT_ADAPTER, readConnection, type Adapter } from '../client/connection.ts';
import type { Node, Organisation } from './definition.ts';
import { writePublic } from './material/files.ts';
import { REGISTRAR, registrarSecretFile } from './native/ca.ts';
import { foldersOfOrganisation, type Network } from './network.ts';
import { addressOf, fromThisMachine, type Placement } from './placement.ts';

/**
 * Writes the connection file of every organisation's gateway (see `connectionOf`), for gateways on this machine; where
 * nodes are containers, in the folder `containers` also those for gateways that are containers too. The adapter that a
 * file names already stays.
 */
export function writeConnections(network: Network): void {
  const { connections } = network.folders;
  const write = (folder: string, placement: Pick<Placement, 'host'>) => {
    for (const own of network.definition.organisations) {
      const file = join(folder, `${own.name}.json`);
      const connection = connectionOf(network, own, placement, folder, adapterIn(file));
      writePublic(file, `${JSON.stringify(connection, null, 2)}\n`);
    }
  };
  write(connections, fromThisMachine);
  if (network.placement.containers) write(join(connections, 'containers'), network.placement);
}

/** The adapter that the file names; undefined for a file that is not there, or no gateway could use. */
function adapterIn(file: string): Adapter | undefined {
  try {
    return readConnection(file).adapter;
  } catch {
    return undefined;
  }
}

/**
 * A common connection profile as one organisation sees the network; paths are relative to the folder it is for. It
 * names the organisation's own Fabric CA when one runs and else, in `x-gateway`, the CA's key.
 */
export function connectionOf(
  network: Network,
  own: Organisation,
  placement: Pick<Placement, 'host'>,
  folder: string,
  adapter: Adapter = DEFAULT_ADAPTER,
) {
  const { definition } = network;
  const path = (file: string) => ({ path: relative(folder, file) });
  const root = (whose: { name: string }) =>
    path(join(foldersOfOrganisation(network, whose).tlsCa, 'certificate.pem'));
  const node = (whose: { name: string }, { name, port }: Node) => [
    name,
    {
      url: `grpcs://${addressOf(placement, { name, port })}`,
      tlsCACerts: root(whose),
      grpcOptions: { 'ssl-target-name-override': name },
    },
  ];
  const { organisations, ordering } = definition;
  const mine = foldersOfOrganisation(network, own);
  const { fabricCa } = definition;
  return {
    name: `${definition.channel}-${own.name}`,
    version: '1.0.0',
    client: { organization: own.name },
    organizations: Object.fromEntries(
      organisations.map((org) => [
        org.name,
        {
          mspid: org.mspId,
          peers: org.peers.map(({ name }) => name),
          ...(fabricCa && org === own && { certificateAuthorities: [own.ca.name] }),
        },
      ]),
    ),
    peers: Object.fromEntries(organisations.flatMap((org) => org.peers.map((peer) => node(org, peer)))),
    orderers: Object.fromEntries(ordering.orderers.map((orderer) => node(ordering, orderer))),
    channels: {
      [definition.channel]: {
        orderers: ordering.orderers.map(({ name }) => name),
        // What members that are no founders endorse counts for nothing: their peers answer queries alone.
        peers: Object.fromEntries(
          organisations.flatMap((org) =>
            org.peers.map(({ name }) => [
              name,
              definition.founders.includes(org.mspId) ? {} : { endorsingPeer: false },
            ]),
          ),
        ),
      },
    },
    ...(fabricCa && {
      certificateAuthorities: {
        [own.ca.name]: {
          url: `https://${addressOf(placement, own.ca)}`,
          caName: own.ca.name,
          tlsCACerts: root(own),
          registrar: [
            {
              enrollId: REGISTRAR,
              enrollSecretFile: relative(folder, registrarSecretFile(own, mine)),
            },
          ],
        },
      },
    }),
    'x-gateway': {
      adapter,
      channel: definition.channel,
      chaincode: definition.chaincode,
      ...(!fabricCa && {
        authority: {
          certificate: relative(folder, join(mine.ca, 'certificate.pem')),
          privateKey: relative(folder, join(mine.ca, 'key.pem')),
        },
      }),
    },
  };
}
