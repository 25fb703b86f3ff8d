import { MAX_TRANSACTION_BYTES } from '@fhir-fabric-gateway/chaincode';
import { ordererPorts, organisationPorts, type OrganisationPorts } from './ports.ts';

/** A process that speaks gRPC, and where it answers for its health. */
export interface Node {
  /** Its host name in its certificate, `peer0.hospital.example`; unique in the network. */
  readonly name: string;
  readonly port: number;
  readonly operationsPort: number;
}

export interface Orderer extends Node {
  /** Where `osnadmin` speaks to it. */
  readonly adminPort: number;
}

/** An organisation that holds the channel's ledger. */
export interface Organisation {
  /** `hospital`: its folder, and its name in connection files. */
  readonly name: string;
  readonly mspId: string;
  readonly domain: string;
  readonly peers: readonly Node[];
  readonly ca: Node;
  /** Its chaincode server, which all its peers share. One version runs on the first port and the next on the second. */
  readonly chaincode: { readonly name: string; readonly ports: readonly [number, number] };
}

export interface OrderingOrganisation {
  readonly name: string;
  readonly mspId: string;
  readonly domain: string;
  readonly orderers: readonly Orderer[];
}

export interface Batch {
  /** How long a transaction waits for others to share its block, as Go writes durations: `20ms`. */
  readonly timeout: string;
  readonly maxMessageCount: number;
  /** Of envelopes (hashes; private data does not pass the orderer): a block is cut when it would hold more. */
  readonly preferredMaxMegabytes: number;
  /** Of the largest envelope. */
  readonly absoluteMaxMegabytes: number;
}

/** All that there is to say about a network; every file and process follows from it. */
export interface Definition {
  readonly channel: string;
  readonly chaincode: string;
  readonly collection: string;
  readonly basePort: number;
  readonly organisations: readonly Organisation[];
  /** MSP ids of the organisations whose peers must both endorse. */
  readonly founders: readonly string[];
  readonly ordering: OrderingOrganisation;
  readonly batch: Batch;
  /** Whether a Fabric CA runs for each organisation; else its gateway issues certificates with the CA's key itself. */
  readonly fabricCa: boolean;
}

/** Private data of one block, which travels with it in one message. */
export const BLOCK_PRIVATE_BYTES = 64 * 1024 * 1024;
/** One gRPC message: a block's private data, its envelopes and what wraps both. */
export const MESSAGE_BYTES = 2 * BLOCK_PRIVATE_BYTES;

export interface DefinitionOptions {
  /** Peers of each organisation: 1 or 2. */
  peers?: number;
  /** The first of the ports that the network takes. */
  basePort?: number;
  batchTimeout?: string;
  fabricCa?: boolean;
}

/** An organisation by its place in the network, which decides its ports. */
export function organisation(name: string, index: number, basePort: number, peers: number): Organisation {
  const ports: OrganisationPorts = organisationPorts(basePort, index);
  const domain = `${name}.example`;
  return {
    name,
    mspId: `${name.charAt(0).toUpperCase()}${name.slice(1)}MSP`,
    domain,
    peers: ports.peers.slice(0, peers).map((port, at) => ({ name: `peer${at}.${domain}`, ...port })),
    ca: { name: `ca.${domain}`, ...ports.ca },
    chaincode: { name: `chaincode.${domain}`, ports: ports.chaincode },
  };
}

/** A hospital and a lab, and three orderers. Throws a RangeError when there are not 1 or 2 peers. */
export function defineNetwork(options: DefinitionOptions = {}): Definition {
  const { peers = 1, basePort = 7050, batchTimeout = '20ms', fabricCa = true } = options;
  if (peers !== 1 && peers !== 2) throw new RangeError(`an organisation has 1 or 2 peers, not ${peers}`);
  const organisations = ['hospital', 'lab'].map((name, at) => organisation(name, at, basePort, peers));
  return {
    channel: 'mychannel',
    chaincode: 'ehr',
    collection: 'ehr',
    basePort,
    organisations,
    founders: organisations.map(({ mspId }) => mspId),
    ordering: {
      name: 'orderer',
      mspId: 'OrdererMSP',
      domain: 'orderer.example',
      orderers: ordererPorts(basePort).map((ports, at) => ({
        name: `orderer${at}.orderer.example`,
        ...ports,
      })),
    },
    batch: {
      timeout: batchTimeout,
      maxMessageCount: Math.floor(BLOCK_PRIVATE_BYTES / MAX_TRANSACTION_BYTES),
      preferredMaxMegabytes: 8,
      absoluteMaxMegabytes: 32,
    },
    fabricCa,
  };
}
