import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LedgerError, type Query } from '@fhir-fabric-gateway/chaincode/api';
import { create, entry, newId } from '../../engine-suite/commands.ts';
import { openFabricEngine, type FabricEngine } from '../../engine-suite/fabric-engine.ts';
import { found, newRecord, type People } from '../../engine-suite/people.ts';
import { whenOrdering } from '../network/channel/leader.ts';
import { startNode, stopNode } from '../network/node.ts';
import { describeFabric } from '../testing/fabric-network.ts';
import { until } from '../testing/until.ts';
import { ADAPTERS } from './connection.ts';
import { Load } from './testing/load.ts';

/** Short enough for a test to see it end, which it then does whatever the machine is busy with. */
const PATIENCE = 6000;
const ORDERERS = ['orderer0.orderer.example', 'orderer1.orderer.example', 'orderer2.orderer.example'];

/** Outages longer than anyone waits: who is told what, and that it is true. */
describeFabric('when it takes too long', () => {
  describe.each(ADAPTERS)('through %s', (adapter) => {
    let engine: FabricEngine;
    let people: People;
    let patient: string;
    beforeAll(async () => {
      engine = await openFabricEngine(adapter, { patience: PATIENCE });
      people = await found(engine);
      patient = await newRecord(engine.hospital, people);
    });
    afterAll(() => engine.close());

    const flag = (id = newId()) => create(entry(patient, 'Flag', id));
    async function told(id: string): Promise<string> {
      try {
        await engine.hospital.ledger.submit(people.system, [flag(id)]);
        return 'OK';
      } catch (error) {
        return error instanceof LedgerError ? error.code : String(error);
      }
    }
    const working = () => until(async () => (await told(newId())) === 'OK');
    const newest = () =>
      engine.hospital.ledger.newest().then(
        () => 'OK',
        (error: unknown) => (error instanceof LedgerError ? error.code : String(error)),
      );
    const isThere = async (id: string) => {
      const query: Query = { fn: 'QueryAllAssets', entries: [{ type: 'Flag', id }] };
      const answer = await engine.hospital.ledger.evaluate(people.system, query);
      return (answer as unknown[]).length > 0;
    };

    test('no orderer is there: once that is known writes are refused, and never done', async () => {
      for (const orderer of ORDERERS) await stopNode(engine.network, orderer, 'SIGKILL');
      await until(async () => (await told(newId())) === 'UNAVAILABLE');
      const ids = [newId(), newId(), newId()];
      expect(await Promise.all(ids.map(told))).toEqual(ids.map(() => 'UNAVAILABLE'));
      expect(await engine.hospital.ledger.height()).toBeGreaterThan(0);
      expect(await newest()).toBe('UNAVAILABLE');
      for (const orderer of ORDERERS) await startNode(engine.network, orderer);
      await whenOrdering(engine.network);
      await working();
      await until(async () => (await newest()) === 'OK');
      expect(await Promise.all(ids.map(isThere))).toEqual(ids.map(() => false));
    });

    test('too few orderers are there: whoever was sent on is undecided, and those who come later are refused', async () => {
      for (const orderer of ORDERERS.slice(1)) await stopNode(engine.network, orderer, 'SIGKILL');
      const first = newId();
      const firstTold = told(first);
      await delay(2000);
      const later = [newId(), newId()];
      const laterTold = await Promise.all(later.map(told));
      expect(['UNDECIDED', 'UNAVAILABLE']).toContain(await firstTold);
      for (const code of laterTold) expect(['UNDECIDED', 'UNAVAILABLE']).toContain(code);
      await until(async () => (await newest()) === 'UNAVAILABLE');
      for (const orderer of ORDERERS.slice(1)) await startNode(engine.network, orderer);
      await whenOrdering(engine.network);
      await working();
      for (const [at, code] of [await firstTold, ...laterTold].entries()) {
        const there = await isThere([first, ...later][at] ?? '');
        if (code === 'UNAVAILABLE') expect({ at, there }).toEqual({ at, there: false });
      }
    });

    test('the chaincode’s server is killed: writes are refused, and done again when it is back', async () => {
      await stopNode(engine.network, 'chaincode.hospital.example', 'SIGKILL');
      expect(await told(newId())).toBe('UNAVAILABLE');
      await startNode(engine.network, 'chaincode.hospital.example');
      await working();
    });

    test('the own peer stands still while others write: what nobody could know is undecided, and all else is true', async () => {
      const { ledger } = engine.hospital;
      const from = await ledger.height();
      const load = new Load(ledger, people.system, patient);
      load.start(8);
      await until(async () => load.told('OK') > 20);
      const pid = Number(
        readFileSync(join(engine.network.folders.run, 'peer0.hospital.example.pid'), 'utf8').split('\n')[0],
      );
      process.kill(pid, 'SIGSTOP');
      await delay(3 * PATIENCE);
      process.kill(pid, 'SIGCONT');
      const before = load.told('OK');
      await until(async () => load.told('OK') > before + 20);
      const result = await load.stop(from);
      expect(result).toMatchObject({ lost: [], doubled: [], denied: [] });
      expect(result.codes).toEqual(expect.arrayContaining(['OK']));
    });
  });
});
