import { onceAvailable } from './once-available.ts';
import { create, entry, newId } from './commands.ts';
import { newRecord } from './people.ts';
import type { Stage } from './suite.ts';

/** A ledger that can't be reached for a while. */
export function outageTests(stage: Stage): void {
  test('what can’t be written is refused as such, nothing of it is ever done, and all goes on afterwards', async () => {
    const { ledger } = stage.engine.hospital;
    const { system } = stage.people;
    const patient = await newRecord(stage.engine.hospital, stage.people);
    const from = await ledger.height();
    const stop = new AbortController();
    const delivered = (async () => {
      for await (const { transactions } of ledger.blocks(from, stop.signal)) {
        if (transactions.length > 0) return transactions.map(({ txId }) => txId);
      }
      return [];
    })();
    const refused = [newId(), newId()];
    const back = await stage.engine.away();
    for (const id of refused) {
      await expect(ledger.submit(system, [create(entry(patient, 'Flag', id))])).rejects.toMatchObject({
        code: 'UNAVAILABLE',
      });
    }
    await back();
    const id = newId();
    const { txId } = await onceAvailable(() => ledger.submit(system, [create(entry(patient, 'Flag', id))]));
    expect(await delivered).toEqual([txId]);
    stop.abort();
    const entries = [...refused, id].map((each) => ({ type: 'Flag', id: each }));
    expect(await ledger.evaluate(system, { fn: 'QueryAllAssets', entries })).toMatchObject([{ id }]);
  });
}
