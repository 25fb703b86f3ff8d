import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ledger, PrivateWrite } from '@fhir-fabric-gateway/chaincode/api';
import { create, entry, newId } from '../../engine-suite/commands.ts';
import { openFabricEngine, type FabricEngine } from '../../engine-suite/fabric-engine.ts';
import { found, newRecord, type People } from '../../engine-suite/people.ts';
import { onceAvailable } from '../../engine-suite/once-available.ts';
import { openLedger } from '../../index.ts';
import { startNode, stopNode } from '../network/node.ts';
import { describeFabric } from '../testing/fabric-network.ts';
import { until } from '../testing/until.ts';
import { ADAPTERS } from './connection.ts';

const OTHERS = ['peer0.hospital.example', 'peer0.lab.example', 'peer1.lab.example'];
const LAST = 'peer1.hospital.example';

describeFabric('private data that its peer has not got', () => {
  let engine: FabricEngine;
  let people: People;
  let ledger: Ledger;
  beforeAll(async () => {
    engine = await openFabricEngine('fabric-gateway', { peers: 2 });
    people = await found(engine);
  });
  afterEach(() => ledger.close());
  afterAll(() => engine.close());

  /** The hospital's ledger as one of its peers alone has it. */
  async function through(peer: string, adapter: (typeof ADAPTERS)[number]): Promise<Ledger> {
    const profile = JSON.parse(readFileSync(engine.config.connection, 'utf8')) as {
      organizations: { hospital: { peers: string[] } };
    };
    profile.organizations.hospital.peers = [peer];
    const connection = join(engine.network.folders.connections, `only-${peer}.json`);
    writeFileSync(connection, JSON.stringify(profile));
    return openLedger({ ...engine.config, connection, adapter }, { identities: engine.wallet });
  }

  /** The hash of the key of the record that was opened last before a block: whoever writes to it reads that. */
  async function recordBefore(block: number): Promise<string | undefined> {
    for (let number = block - 1; number >= 0; number -= 1) {
      const { transactions } = await onceAvailable(() => ledger.block(number));
      const opened = transactions
        .flatMap(({ writes }) => writes)
        .find(({ key }) => key?.startsWith('record/'));
      if (opened) return opened.keyHash;
    }
    return undefined;
  }

  test.each(ADAPTERS)(
    'is told as missing, and is in the block that is read anew once the peer has got it (%s)',
    async (adapter) => {
      const patient = await onceAvailable(() => newRecord(engine.hospital, people));
      ledger = await through(LAST, adapter);
      await stopNode(engine.network, LAST);
      const flag = create(entry(patient, 'Flag', newId()));
      // Its neighbour must have noticed that it is gone, before it goes without it.
      const { block } = await onceAvailable(() => engine.hospital.ledger.submit(people.system, [flag]));
      for (const peer of OTHERS) await stopNode(engine.network, peer);
      await startNode(engine.network, LAST);
      await until(async () => (await onceAvailable(() => ledger.height())) > block);
      const writes = async (): Promise<PrivateWrite[]> =>
        (await onceAvailable(() => ledger.block(block))).transactions.flatMap((transaction) => [
          ...transaction.writes,
        ]);
      expect(await writes()).toEqual([{ keyHash: expect.any(String), effect: 'missing' }]);
      const [lacking] = (await onceAvailable(() => ledger.block(block))).transactions;
      expect(lacking?.reads).toContain(await recordBefore(block));
      for (const peer of OTHERS) await startNode(engine.network, peer);
      await until(async () => (await writes())[0]?.effect === 'put');
      const [write] = await writes();
      expect(write?.value?.length).toBeGreaterThan(0);
    },
  );
});
