import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IdentityRef, Ledger, Role } from '@fhir-fabric-gateway/chaincode/api';
import type { Adapter } from '../fabric/client/connection.ts';
import { readConnection } from '../fabric/client/connection.ts';
import { GatewayClient } from '../fabric/client/fabric-gateway/gateway-client.ts';
import { startNode, stopNode } from '../fabric/network/node.ts';
import { organisationNamed, type Network } from '../fabric/network/network.ts';
import { fabricNetwork, type TestNetwork } from '../fabric/testing/fabric-network.ts';
import { enrol } from '../fabric/testing/people.ts';
import { createAuthority, openLedger, openWallet, type FabricConfig, type Wallet } from '../index.ts';
import type { Engine, Seat } from './engine.ts';

/** Milliseconds: tests are not about how busy the machine is. */
const PATIENCE = 240_000;

/** A seat that can be closed, and opened again. */
interface OpenSeat extends Seat {
  reopen(): Promise<void>;
  close(): Promise<void>;
  readonly config: FabricConfig;
  readonly wallet: Wallet;
  readonly reader: IdentityRef;
}

async function openSeat(
  test: TestNetwork,
  organisation: 'hospital' | 'lab',
  adapter: Adapter,
  patience: number,
  folder: string,
): Promise<OpenSeat> {
  const { mspId } = organisationNamed(test.network, organisation);
  const wallet = await openWallet({ file: join(folder, `${organisation}.db`), secret: 's' });
  async function enroll(role: Role): Promise<IdentityRef> {
    const { ref, pair } = await enrol(test.network, organisation, role);
    await wallet.put({ ...ref, ...pair });
    return ref;
  }
  const reader = await enroll('hr');
  const connection = test.connection(organisation);
  const testing = { timing: { patience } };
  const config: FabricConfig = { engine: 'fabric', connection, adapter, reader, testing };
  const open = () => openLedger(config, { identities: wallet });
  let ledger: Ledger = await open();
  return {
    mspId,
    config,
    wallet,
    reader,
    enroll,
    get ledger() {
      return ledger;
    },
    async reopen() {
      await ledger.close();
      ledger = await open();
    },
    async close() {
      await ledger.close();
      await wallet.close();
    },
  };
}

/** An engine whose processes a test may end and start. */
export interface FabricEngine extends Engine {
  readonly network: Network;
  /** How the hospital's ledger is opened. */
  readonly config: FabricConfig;
  readonly wallet: Wallet;
}

/**
 * The hospital's and the lab's ledger on a network of their own, through one client library. `patience`: milliseconds
 * that a write may take; by default so many that how busy the machine is does not matter.
 */
export async function openFabricEngine(
  adapter: Adapter,
  { peers: count = 1, patience = PATIENCE }: { peers?: 1 | 2; patience?: number } = {},
): Promise<FabricEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  const test = await fabricNetwork({ own: true, peers: count });
  const hospital = await openSeat(test, 'hospital', adapter, patience, folder);
  const lab = await openSeat(test, 'lab', adapter, patience, folder);
  const impostor = await createAuthority({
    mspId: hospital.mspId,
    file: join(folder, 'impostor.db'),
    secret: 's',
  });
  const peers = organisationNamed(test.network, 'hospital').peers.map(({ name }) => name);
  return {
    hospital,
    lab,
    network: test.network,
    config: hospital.config,
    wallet: hospital.wallet,
    async reopen() {
      await hospital.reopen();
      await lab.reopen();
    },
    async away() {
      for (const peer of peers) await stopNode(test.network, peer, 'SIGKILL');
      return async () => {
        for (const peer of peers) await startNode(test.network, peer);
      };
    },
    async stranger() {
      const identity = await impostor.enroll({ role: 'system' });
      await hospital.wallet.put(identity);
      return identity;
    },
    publicBytes: () => envelopes(hospital, test.connection('hospital')),
    async close() {
      await hospital.close();
      await lab.close();
      await impostor.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** All envelopes of the chain, as orderers and backups have them. */
async function envelopes({ ledger, wallet, reader }: OpenSeat, connection: string): Promise<Buffer> {
  const client = new GatewayClient(readConnection(connection));
  const identity = await wallet.get(reader);
  if (!identity) throw new Error('no reader');
  const stop = new AbortController();
  const found: Uint8Array[] = [];
  const last = (await ledger.height()) - 1;
  for await (const block of client.blocks(identity, 0, stop.signal)) {
    found.push(...block.envelopes);
    if (block.number === last) stop.abort();
  }
  client.close();
  return Buffer.concat(found);
}
