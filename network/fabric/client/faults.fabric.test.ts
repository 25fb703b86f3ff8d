import { setTimeout as delay } from 'node:timers/promises';
import { openFabricEngine, type FabricEngine } from '../../engine-suite/fabric-engine.ts';
import { found, newRecord, type People } from '../../engine-suite/people.ts';
import { leadingOrderer, whenOrdering } from '../network/channel/leader.ts';
import { startNode, stopNode } from '../network/node.ts';
import { describeFabric } from '../testing/fabric-network.ts';
import { until } from '../testing/until.ts';
import { ADAPTERS } from './connection.ts';
import { Load } from './testing/load.ts';

const WRITERS = 8;

/** What fails while others write: nothing that was answered is lost, nothing is done twice, nothing is guessed. */
describeFabric('while commands are written', () => {
  describe.each(ADAPTERS)('through %s', (adapter) => {
    let engine: FabricEngine;
    let people: People;
    beforeAll(async () => {
      engine = await openFabricEngine(adapter, { peers: 2, patience: 60_000 });
      people = await found(engine);
    });
    afterAll(() => engine.close());

    /** Writes while `fault` happens, and until enough was written again after it was mended. */
    async function writing(fault: () => Promise<() => Promise<void>>) {
      const { ledger } = engine.hospital;
      const patient = await newRecord(engine.hospital, people);
      const from = await ledger.height();
      const load = new Load(ledger, people.system, patient);
      const more = async (count: number) => {
        const before = load.told('OK');
        await until(async () => load.told('OK') >= before + count);
      };
      load.start(WRITERS);
      await more(3 * WRITERS);
      const mend = await fault();
      await delay(3000);
      await mend();
      await more(3 * WRITERS);
      return load.stop(from);
    }
    const nothingWrong = { lost: [], doubled: [], denied: [] };

    test('the orderer that leads is killed: writes wait for the next one, and are done', async () => {
      const result = await writing(async () => {
        const leader = (await leadingOrderer(engine.network)) ?? '';
        await stopNode(engine.network, leader, 'SIGKILL');
        return async () => {
          await whenOrdering(engine.network);
          await startNode(engine.network, leader);
        };
      });
      expect(result).toEqual({ ...nothingWrong, codes: ['OK'] });
    });

    test('one of the own two peers is killed: the other takes over', async () => {
      const result = await writing(async () => {
        await stopNode(engine.network, 'peer0.hospital.example', 'SIGKILL');
        return async () => startNode(engine.network, 'peer0.hospital.example');
      });
      expect(result).toMatchObject(nothingWrong);
    });

    test('one of the other organisation’s two peers is killed: the other endorses', async () => {
      const result = await writing(async () => {
        await stopNode(engine.network, 'peer1.lab.example', 'SIGKILL');
        return async () => startNode(engine.network, 'peer1.lab.example');
      });
      expect(result).toMatchObject(nothingWrong);
    });
  });
});
