import { createHash } from 'node:crypto';
import { decodeValue } from '@fhir-fabric-gateway/chaincode/api';
import { create, entry, newId, remove, update } from './commands.ts';
import { readBlocks } from './engine.ts';
import { newRecord } from './people.ts';
import type { Stage } from './suite.ts';

const sha = (text: string) => createHash('sha256').update(text).digest('hex');

/** Blocks, as the projector reads them. */
export function deliveryTests(stage: Stage): void {
  test('a block brings the private values of its transactions, with key, hash of the key, and who wrote when', async () => {
    const { ledger, mspId } = stage.engine.hospital;
    const { system } = stage.people;
    const patient = await newRecord(stage.engine.hospital, stage.people);
    const id = newId();
    const before = Date.now();
    const { block, transaction, txId } = await ledger.submit(system, [create(entry(patient, 'Flag', id))]);
    const found = (await ledger.block(block)).transactions.find(({ index }) => index === transaction);
    expect(found).toMatchObject({ txId, valid: true, outcomes: ['OK'], creator: { mspId } });
    expect(found?.creator.certificate).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect(found?.time).toBeGreaterThanOrEqual(before);
    expect(found?.time).toBeLessThanOrEqual(Date.now());
    expect(found?.writes).toMatchObject([{ effect: 'put', key: expect.stringMatching(/^entry\//) }]);
    const [write] = found?.writes ?? [];
    expect(write?.keyHash).toBe(sha(write?.key ?? ''));
    const value = decodeValue(write?.value ?? new Uint8Array(0));
    expect(value).toMatchObject({ kind: 'entry', type: 'Flag', id, version: 1, command: 0 });
  });

  test('an update keeps the version that was, under a key of its own; a deletion leaves a tombstone', async () => {
    const { ledger } = stage.engine.hospital;
    const { system } = stage.people;
    const patient = await newRecord(stage.engine.hospital, stage.people);
    const flag = entry(patient, 'Flag', newId(), { unique: [`identifier=${newId()}`] });
    await ledger.submit(system, [create(flag)]);
    const { block } = await ledger.submit(system, [update({ ...flag, unique: [] })]);
    const gone = await ledger.submit(system, [remove('Flag', flag.id)]);
    const effects = async (number: number) =>
      (await ledger.block(number)).transactions
        .flatMap(({ writes }) => writes.map(({ key, effect }) => `${effect} ${key?.split('/')[0]}`))
        .sort();
    expect(await effects(block)).toEqual(['delete unique', 'put entry', 'put version']);
    expect(await effects(gone.block)).toEqual(['put entry', 'put version']);
  });

  test('the blocks themselves hold no content, no id and no name of anything', async () => {
    const { ledger } = stage.engine.hospital;
    const patient = await newRecord(stage.engine.hospital, stage.people);
    const id = newId();
    const content = `a pulse of ${newId()}`;
    await ledger.submit(stage.people.system, [
      create(
        entry(patient, 'Observation', id, { content: Buffer.from(content), labels: ['http://x|secret'] }),
      ),
    ]);
    const bytes = await stage.engine.publicBytes();
    const traces = [content, id, patient, 'Practitioner', 'Organization/', 'http://x|secret', 'Observation'];
    expect(traces.filter((trace) => bytes.includes(trace))).toEqual([]);
  });

  test('all blocks come in order from the first, and from any other', async () => {
    const { ledger } = stage.engine.hospital;
    const blocks = await readBlocks(ledger);
    expect(blocks.map(({ number }) => number)).toEqual(blocks.map((_, at) => at));
    expect(blocks[0]?.transactions).toEqual([]);
    const middle = Math.floor(blocks.length / 2);
    expect(await readBlocks(ledger, middle)).toEqual(blocks.slice(middle));
  });

  test('a delivery goes on with the blocks that come, at every organisation, until it is told to end', async () => {
    const { hospital, lab } = stage.engine;
    const patient = await newRecord(hospital, stage.people);
    const from = await hospital.ledger.height();
    const stop = new AbortController();
    const seen = [hospital, lab].map(async ({ ledger }) => {
      const txIds: string[] = [];
      for await (const { transactions } of ledger.blocks(from, stop.signal)) {
        txIds.push(...transactions.map(({ txId }) => txId));
        if (txIds.length >= 3) break;
      }
      return txIds;
    });
    const sent: string[] = [];
    for (let at = 0; at < 3; at += 1) {
      const command = create(entry(patient, 'Flag', newId()));
      sent.push((await hospital.ledger.submit(stage.people.system, [command])).txId);
    }
    expect(await Promise.all(seen)).toEqual([sent, sent]);
    const idle = (async () => {
      let blocks = 0;
      for await (const _ of hospital.ledger.blocks(from + 1000, stop.signal)) blocks += 1;
      return blocks;
    })();
    stop.abort();
    expect(await idle).toBe(0);
  });

  test('a block that is not there yet is not found', async () => {
    const { ledger } = stage.engine.hospital;
    await expect(ledger.block(await ledger.height())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(ledger.block(-1)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('what is ordered is as much as the ledger has, once it is there', async () => {
    const { hospital, lab } = stage.engine;
    const patient = await newRecord(hospital, stage.people);
    const command = create(entry(patient, 'Flag', newId()));
    const { block } = await hospital.ledger.submit(stage.people.system, [command]);
    for (const { ledger } of [hospital, lab]) expect(await ledger.newest()).toBeGreaterThan(block);
    expect(await hospital.ledger.height()).toBe(await hospital.ledger.newest());
  });

  test('after it was closed and opened again everything is where it was', async () => {
    const { hospital } = stage.engine;
    const { system } = stage.people;
    const patient = await newRecord(hospital, stage.people);
    const id = newId();
    const { block, txId } = await hospital.ledger.submit(system, [create(entry(patient, 'Flag', id))]);
    const blocks = await readBlocks(hospital.ledger);
    const closed = hospital.ledger;
    await stage.engine.reopen();
    await expect(closed.submit(system, [remove('Flag', id)])).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await readBlocks(hospital.ledger)).toEqual(blocks);
    expect((await hospital.ledger.block(block)).transactions.map((each) => each.txId)).toContain(txId);
    expect(await hospital.ledger.evaluate(system, { fn: 'QueryAsset', type: 'Flag', id })).toMatchObject({
      id,
    });
    await hospital.ledger.submit(system, [remove('Flag', id)]);
  });
}
