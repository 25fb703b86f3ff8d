import type { Asset } from '@fhir-fabric-gateway/chaincode/api';
import { assets, create, entry, newId } from '../../engine-suite/commands.ts';
import { openFabricEngine, type FabricEngine } from '../../engine-suite/fabric-engine.ts';
import { found, newRecord, type People } from '../../engine-suite/people.ts';
import { showFabricTransaction, verifyFabricLedger } from '../../index.ts';
import { describeFabric } from '../testing/fabric-network.ts';
import { ADAPTERS } from './connection.ts';

describeFabric('a look at the chain', () => {
  let engine: FabricEngine;
  let people: People;
  beforeAll(async () => {
    engine = await openFabricEngine('fabric-gateway');
    people = await found(engine);
  });
  afterAll(() => engine.close());

  test.each(ADAPTERS)('finds that it holds, and the anchors of audit logs in it (%s)', async (adapter) => {
    const { ledger, mspId } = engine.hospital;
    const number = 1 + ADAPTERS.indexOf(adapter);
    const root = String(number).repeat(64);
    const anchor: Asset = { kind: 'anchor', number, root };
    await ledger.submit(people.system, [assets(anchor)]);
    const report = await verifyFabricLedger({ ...engine.config, adapter }, { identities: engine.wallet });
    expect(report.problem).toBeUndefined();
    expect(report.blocks).toBe(await ledger.height());
    expect(report.transactions).toBeGreaterThan(0);
    expect(report.head).toEqual({
      number: report.blocks - 1,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(report.anchors.get(mspId)?.get(number)).toBe(root);
  });

  test.each(ADAPTERS)('shows a transaction as its block has it, and no other (%s)', async (adapter) => {
    const { ledger, mspId } = engine.hospital;
    const patient = await newRecord(engine.hospital, people);
    const flag = create(entry(patient, 'Flag', newId()));
    const { txId, block, transaction } = await ledger.submit(people.system, [flag]);
    const show = (id: string) =>
      showFabricTransaction({ ...engine.config, adapter }, { identities: engine.wallet }, id);
    expect(await show(txId)).toEqual({
      txId,
      block,
      index: transaction,
      code: 0,
      valid: true,
      time: expect.any(Number),
      creator: { mspId, certificate: expect.stringMatching(/BEGIN CERTIFICATE/) },
      outcomes: ['OK'],
      reads: expect.arrayContaining([expect.stringMatching(/^[0-9a-f]{64}$/)]),
      publicWrites: [],
      privateWrites: [
        {
          keyHash: expect.stringMatching(/^[0-9a-f]{64}$/),
          valueHash: expect.stringMatching(/^[0-9a-f]{64}$/),
          effect: 'put',
        },
      ],
    });
    expect(await show('0'.repeat(64))).toBeUndefined();
  });
});
