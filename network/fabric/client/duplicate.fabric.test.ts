import { randomBytes } from 'node:crypto';
import { create, listed } from '../../engine-suite/commands.ts';
import { openFabricEngine, type FabricEngine } from '../../engine-suite/fabric-engine.ts';
import { found } from '../../engine-suite/people.ts';
import { commitCall } from '../../submit/call.ts';
import { describeFabric } from '../testing/fabric-network.ts';
import { until } from '../testing/until.ts';
import { readConnection } from './connection.ts';
import { openClient } from './open-client.ts';

/** Milliseconds that a peer looks for private data that is nowhere: see the peers' configuration. */
const LOOKED_FOR = 5000;

describeFabric('an envelope that was ordered twice', () => {
  let engine: FabricEngine;
  beforeAll(async () => {
    engine = await openFabricEngine('fabric-gateway', { peers: 1 });
  });
  afterAll(() => engine.close());

  test('holds up nothing: nobody looks for the data that the first of them used up', async () => {
    const { hr } = await found(engine);
    const { ledger } = engine.hospital;
    const stored = await engine.wallet.get(hr);
    if (!stored) throw new Error('HR has an identity');
    const client = await openClient(
      'fabric-gateway',
      readConnection(engine.config.connection),
      engine.wallet,
    );
    try {
      const commands = [create(listed('Practitioner', 'twice'))];
      const submission = {
        ...{ identity: hr, commands, bytes: 0, attempts: 0, alone: false, deadline: Infinity },
        resolve: () => undefined,
        reject: () => undefined,
      };
      const group = { identity: hr, mode: 'independent' as const, submissions: [submission] };
      const transaction = await client.endorse(stored, commitCall(group, randomBytes));
      const height = await ledger.height();
      await transaction.order();
      await until(async () => (await ledger.height()) > height);
      await transaction.order();
      const begun = performance.now();
      await ledger.submit(hr, [create(listed('Practitioner', 'after'))]);
      expect(performance.now() - begun).toBeLessThan(LOOKED_FOR);
    } finally {
      client.close();
    }
  });
});
