import type { Command, PrivateWrite } from '@fhir-fabric-gateway/chaincode/api';
import { create, entry, newId, update } from './commands.ts';
import { readBlocks } from './engine.ts';
import { HOSPITAL, newPatient } from './people.ts';
import type { Stage } from './suite.ts';

type Erase = NonNullable<Extract<Command, { fn: 'DeleteAsset' }>['erase']>;
const erase = (step: Erase): Command => ({ fn: 'DeleteAsset', erase: step });

/** A record that is erased is gone from the private data, for whoever reads blocks as well. */
export function erasureTests(stage: Stage): void {
  test('an erased record is gone, also from the blocks that brought it, and its keys are told as purged', async () => {
    const { hospital, lab } = stage.engine;
    const { ledger } = hospital;
    const { system, hr } = stage.people;
    const start = await ledger.height();
    const { patient, owner } = await newPatient(hospital, stage.people);
    const flag = entry(patient, 'Flag', newId());
    await ledger.submit(system, [create(flag)]);
    await ledger.submit(system, [update(flag)]);
    const written = (await readBlocks(ledger, start))
      .flatMap(({ transactions }) => transactions.flatMap(({ writes }) => writes))
      .filter(({ key }) => !/^(identity|organisation|unique|record)\//.test(key ?? ''));
    expect(written.map(({ effect }) => effect)).toEqual(written.map(() => 'put'));

    await ledger.submit(hr, [erase({ patient, step: 'begin' })]);
    await expect(ledger.submit(system, [update(flag)])).rejects.toMatchObject({ code: 'ERASED' });
    const entries = [
      { type: 'Flag', id: flag.id, versions: 2 },
      { type: 'Consent', id: `first-${patient}`, versions: 1 },
    ];
    const purge = await ledger.submit(hr, [erase({ patient, step: 'purge', entries, grantees: [HOSPITAL] })]);
    const finish = await ledger.submit(hr, [erase({ patient, step: 'finish' })]);

    for (const seat of [hospital, lab]) {
      await seenBy(seat.ledger, finish.block);
      const after = await readBlocks(seat.ledger, start);
      const writes = after.flatMap(({ transactions }) => transactions.flatMap((each) => each.writes));
      const purged = new Set(writes.filter(({ effect }) => effect === 'purge').map(({ keyHash }) => keyHash));
      const before = after
        .filter(({ number }) => number < purge.block)
        .flatMap(({ transactions }) => transactions.flatMap((each) => each.writes));
      for (const { keyHash } of written) {
        expect(purged).toContain(keyHash);
        const left = before.filter((write) => write.keyHash === keyHash);
        expect(left).toEqual(left.map((): PrivateWrite => ({ keyHash, effect: 'missing' })));
      }
    }
    await expect(
      ledger.evaluate(owner, { fn: 'QueryAsset', type: 'Flag', id: flag.id }),
    ).rejects.toMatchObject({ code: 'BAD_IDENTITY' });
    await expect(ledger.submit(system, [create(flag)])).rejects.toMatchObject({ code: 'ERASED' });
  });

  /** Resolves once an organisation's ledger has a block. */
  async function seenBy(ledger: Stage['engine']['lab']['ledger'], block: number): Promise<void> {
    const stop = new AbortController();
    for await (const { number } of ledger.blocks(block, stop.signal)) if (number >= block) stop.abort();
  }
}
