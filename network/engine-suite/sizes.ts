import { MAX_TRANSACTION_BYTES } from '@fhir-fabric-gateway/chaincode';
import { decodeValue } from '@fhir-fabric-gateway/chaincode/api';
import { create, entry, newId } from './commands.ts';
import { newRecord } from './people.ts';
import type { Stage } from './suite.ts';

const MB = 1024 * 1024;
/** What is neither content nor salt of a value. */
const MARGIN = 10_000;

/** Transactions as large as a block can carry, and larger ones. */
export function sizeTests(stage: Stage): void {
  test('a transaction just under the limit is committed and delivered; one over it is refused', async () => {
    const { ledger } = stage.engine.hospital;
    const { system } = stage.people;
    const patient = await newRecord(stage.engine.hospital, stage.people);
    const media = (bytes: number) =>
      create(entry(patient, 'Media', newId(), { content: Buffer.alloc(bytes, 'x') }));
    const { block } = await ledger.submit(system, [media(MAX_TRANSACTION_BYTES - MARGIN)]);
    const [write] = (await ledger.block(block)).transactions.flatMap(({ writes }) => writes);
    expect(decodeValue(write?.value ?? new Uint8Array(0))).toMatchObject({ type: 'Media' });
    expect(write?.value?.length).toBeGreaterThan(MAX_TRANSACTION_BYTES - MARGIN);
    await expect(ledger.submit(system, [media(MAX_TRANSACTION_BYTES)])).rejects.toMatchObject({
      code: 'TOO_LARGE',
    });
    await expect(ledger.submit(system, [media(MAX_TRANSACTION_BYTES * 8)])).rejects.toMatchObject({
      code: 'TOO_LARGE',
    });
  });

  test('a transaction of a thousand entries is one', async () => {
    const { ledger } = stage.engine.hospital;
    const patient = await newRecord(stage.engine.hospital, stage.people);
    const entries = Array.from({ length: 1000 }, () => entry(patient, 'Observation', newId()));
    const { block, transaction } = await ledger.submit(stage.people.system, [create(...entries)]);
    const found = (await ledger.block(block)).transactions.find(({ index }) => index === transaction);
    expect(found?.writes.filter(({ effect }) => effect === 'put')).toHaveLength(1000);
  });

  test('many large ones at once are all done, in as many blocks as it takes, and all delivered', async () => {
    const { ledger } = stage.engine.hospital;
    const patient = await newRecord(stage.engine.hospital, stage.people);
    const before = await ledger.height();
    const content = Buffer.alloc(1.5 * MB, 'x');
    const receipts = await Promise.all(
      Array.from({ length: 24 }, () =>
        ledger.submit(stage.people.system, [create(entry(patient, 'Media', newId(), { content }))]),
      ),
    );
    let values = 0;
    for (let number = before; number <= Math.max(...receipts.map(({ block }) => block)); number += 1) {
      const writes = (await ledger.block(number)).transactions.flatMap((each) => each.writes);
      const large = writes.filter(({ value }) => (value?.length ?? 0) > content.length);
      expect(large.length * content.length).toBeLessThan(64 * MB);
      values += large.length;
    }
    expect(values).toBe(24);
  });
}
