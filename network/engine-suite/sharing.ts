import { create, entry, newId, remove, update } from './commands.ts';
import { readBlocks } from './engine.ts';
import { newRecord } from './people.ts';
import type { Stage } from './suite.ts';

/** Transactions of several commands, and single ones that share a transaction. */
export function sharingTests(stage: Stage): void {
  test('several commands are done all or not at all; the error says which was the first that failed', async () => {
    const { ledger } = stage.engine.hospital;
    const { system } = stage.people;
    const patient = await newRecord(stage.engine.hospital, stage.people);
    const [first, taken] = [newId(), newId()];
    await ledger.submit(system, [create(entry(patient, 'Flag', taken))]);
    const both = [create(entry(patient, 'Flag', first)), create(entry(patient, 'Flag', taken))];
    await expect(ledger.submit(system, [...both, remove('Flag', newId())])).rejects.toMatchObject({
      code: 'EXISTS',
      index: 1,
    });
    await expect(
      ledger.evaluate(system, { fn: 'QueryAsset', type: 'Flag', id: first }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a command sees what those before it in its transaction wrote', async () => {
    const { ledger } = stage.engine.hospital;
    const { system } = stage.people;
    const patient = await newRecord(stage.engine.hospital, stage.people);
    const id = newId();
    const flag = entry(patient, 'Flag', id);
    await ledger.submit(system, [create(flag), update({ ...flag, version: 1 }), remove('Flag', id)]);
    expect(await ledger.evaluate(system, { fn: 'GetAssetHistory', type: 'Flag', id })).toHaveLength(3);
    await expect(
      ledger.submit(system, [create(entry(patient, 'Flag', newId())), update({ ...flag, version: 1 })]),
    ).rejects.toMatchObject({ code: 'STALE', index: 1 });
  });

  test('single commands that wait together share a transaction, each with its own outcome and place', async () => {
    const { ledger } = stage.engine.hospital;
    const { system, hr } = stage.people;
    const patient = await newRecord(stage.engine.hospital, stage.people);
    const [id, other] = [newId(), newId()];
    const results = await Promise.allSettled([
      ledger.submit(system, [create(entry(patient, 'Flag', id))]),
      ledger.submit(system, [create(entry(patient, 'Flag', id))]),
      ledger.submit(system, [create(entry(newId(), 'Flag', newId()))]),
      ledger.submit(hr, [create(entry(patient, 'Flag', newId()))]),
      ledger.submit(system, [create(entry(patient, 'Flag', other))]),
    ]);
    expect(results).toMatchObject([
      { status: 'fulfilled', value: { command: 0 } },
      { status: 'rejected', reason: { code: 'EXISTS', index: 0 } },
      { status: 'rejected', reason: { code: 'NOT_FOUND', index: 0 } },
      { status: 'rejected', reason: { code: 'FORBIDDEN', index: 0 } },
      { status: 'fulfilled', value: { command: 4 - 1 } },
    ]);
    const [first, , , , last] = results;
    const txIds = [first, last].map((result) => result?.status === 'fulfilled' && result.value.txId);
    expect(txIds[0]).toBe(txIds[1]);
  });

  test('a hundred at once share few transactions, and every receipt says where its command is', async () => {
    const { ledger } = stage.engine.hospital;
    const { system } = stage.people;
    const patient = await newRecord(stage.engine.hospital, stage.people);
    const before = await ledger.height();
    const receipts = await Promise.all(
      Array.from({ length: 100 }, () => ledger.submit(system, [create(entry(patient, 'Flag', newId()))])),
    );
    const blocks = await readBlocks(ledger, before);
    const places = new Set(receipts.map(({ txId, command }) => `${txId} ${command}`));
    expect(places.size).toBe(100);
    for (const { txId, block, transaction, command } of receipts) {
      const found = blocks[block - before]?.transactions.find(({ index }) => index === transaction);
      expect(found).toMatchObject({ txId, valid: true });
      expect(found?.outcomes[command]).toBe('OK');
    }
    expect(new Set(receipts.map(({ txId }) => txId)).size).toBeLessThanOrEqual(10);
  });
}
