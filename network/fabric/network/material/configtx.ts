import { join } from 'node:path';
import type { Definition, Organisation } from '../definition.ts';
import type { Folders } from '../folders.ts';
import { addressOf, type Placement } from '../placement.ts';
import type { Yaml } from '../yaml.ts';

/** The profile of configtx.yaml that founds the channel. */
export const PROFILE = 'Channel';

const implicit = (rule: string) => ({ Type: 'ImplicitMeta', Rule: rule });
const signature = (rule: string) => ({ Type: 'Signature', Rule: rule });

/** `AND('HospitalMSP.peer','LabMSP.peer')`: all of them, named outright. */
export const allOf = (mspIds: readonly string[], kind: 'peer' | 'admin'): string =>
  `AND(${mspIds.map((mspId) => `'${mspId}.${kind}'`).join(',')})`;

/**
 * configtx.yaml: the channel as it is founded. What decides over the channel (its administration, the life cycle of
 * chaincode) names the founders outright, as endorsement does: a majority of three would leave one of them out.
 */
export function configtx(network: Definition, folders: Folders, placement: Placement): Yaml {
  const { ordering, founders } = network;
  const capabilities = { V2_0: true };
  return {
    Profiles: {
      [PROFILE]: {
        Policies: {
          Readers: implicit('ANY Readers'),
          Writers: implicit('ANY Writers'),
          Admins: implicit('MAJORITY Admins'),
        },
        Capabilities: capabilities,
        Orderer: {
          OrdererType: 'etcdraft',
          BatchTimeout: network.batch.timeout,
          BatchSize: {
            MaxMessageCount: network.batch.maxMessageCount,
            AbsoluteMaxBytes: `${network.batch.absoluteMaxMegabytes} MB`,
            PreferredMaxBytes: `${network.batch.preferredMaxMegabytes} MB`,
          },
          MaxChannels: 0,
          EtcdRaft: {
            Consenters: ordering.orderers.map(({ name, port }) => {
              const certificate = join(folders.organisation(ordering.name).node(name), 'tls', 'server.crt');
              return {
                Host: placement.host(name),
                Port: port,
                ClientTLSCert: certificate,
                ServerTLSCert: certificate,
              };
            }),
            // A leader that is gone is replaced within 2.5 to 5 s; shorter would elect anew whenever a disk is slow.
            Options: {
              TickInterval: '250ms',
              ElectionTick: 10,
              HeartbeatTick: 1,
              MaxInflightBlocks: 5,
              SnapshotIntervalSize: '16 MB',
            },
          },
          Organizations: [orderingOrganisation(network, folders, placement)],
          Policies: {
            Readers: implicit('ANY Readers'),
            Writers: implicit('ANY Writers'),
            Admins: implicit('MAJORITY Admins'),
            BlockValidation: implicit('ANY Writers'),
          },
          Capabilities: capabilities,
        },
        Application: {
          Organizations: network.organisations.map((own) => applicationOrganisation(own, folders, placement)),
          Policies: {
            Readers: implicit('ANY Readers'),
            Writers: implicit('ANY Writers'),
            Admins: signature(allOf(founders, 'admin')),
            LifecycleEndorsement: signature(allOf(founders, 'peer')),
            Endorsement: signature(allOf(founders, 'peer')),
          },
          Capabilities: { V2_5: true },
        },
      },
    },
  };
}

function orderingOrganisation({ ordering }: Definition, folders: Folders, placement: Placement): Yaml {
  const { mspId } = ordering;
  return {
    Name: mspId,
    ID: mspId,
    MSPDir: folders.organisation(ordering.name).msp,
    Policies: {
      Readers: signature(`OR('${mspId}.member')`),
      Writers: signature(`OR('${mspId}.orderer')`),
      Admins: signature(`OR('${mspId}.admin')`),
    },
    OrdererEndpoints: ordering.orderers.map((node) => addressOf(placement, node)),
  };
}

/** An organisation as the channel knows it; its first peer is where other organisations' gossip begins. */
export function applicationOrganisation(own: Organisation, folders: Folders, placement: Placement) {
  const { mspId } = own;
  return {
    Name: mspId,
    ID: mspId,
    MSPDir: folders.organisation(own.name).msp,
    Policies: {
      Readers: signature(`OR('${mspId}.admin','${mspId}.peer','${mspId}.client')`),
      Writers: signature(`OR('${mspId}.admin','${mspId}.client')`),
      Admins: signature(`OR('${mspId}.admin')`),
      Endorsement: signature(`OR('${mspId}.peer')`),
    },
    AnchorPeers: own.peers.slice(0, 1).map(({ name, port }) => ({ Host: placement.host(name), Port: port })),
  };
}
