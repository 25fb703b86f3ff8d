import { MAX_STRETCH } from '../anchors.ts';
import { record } from '../fixtures/records.ts';
import { auditProof, verifyProof } from '../proof.ts';
import { openedLogs } from './logs.ts';
import { tamperingOf } from './tampering.ts';

/** Anchors and proofs, on a database of each engine: `newDatabase` answers the URL of a new one. */
export function anchorsSuite(newDatabase: () => Promise<string>): void {
  const { open, close } = openedLogs();
  afterEach(close);

  test('an anchor that was never confirmed is the next one again, also after a restart', async () => {
    const url = await newDatabase();
    const { row } = tamperingOf(url);
    const log = await open(url);
    expect(await log.nextAnchor()).toBeUndefined();
    await log.append([record(), record()]);
    const made = await log.nextAnchor();
    expect(made).toMatchObject({ number: 1, from: row(1), to: row(2) });
    await log.append([record()]);
    await close();
    const again = await open(url);
    expect(await again.nextAnchor()).toEqual(made);
    await again.confirmAnchor(1, 'tx-1');
    expect(await again.nextAnchor(2)).toBeUndefined();
    expect(await again.nextAnchor()).toMatchObject({ number: 2, from: row(3), to: row(3) });
    await expect(again.confirmAnchor(9, 'tx')).rejects.toThrow(RangeError);
  });

  test('those who ask for an anchor at once get one', async () => {
    const log = await open(await newDatabase());
    await log.append([record()]);
    const made = await Promise.all([log.nextAnchor(), log.nextAnchor(), log.nextAnchor()]);
    expect(made.map((anchor) => anchor?.number)).toEqual([1, 1, 1]);
  });

  test('every row of an anchored stretch has a proof, which holds for no other row and no other root', async () => {
    const url = await newDatabase();
    const { row } = tamperingOf(url);
    const log = await open(url);
    await log.append(Array.from({ length: 11 }, (_, n) => record({ requestId: `r${n}` })));
    const root = (await log.nextAnchor())?.root ?? '';
    await log.append([record()]);
    for (let place = 1; place <= 11; place += 1) {
      const proof = await auditProof(url, row(place));
      if (proof === undefined) throw new Error('no proof');
      expect(JSON.parse(proof.row)).toContain(`r${place - 1}`);
      expect(verifyProof(proof, root)).toBe(true);
      const forged = { ...proof, row: proof.row.replace('Observation/1', 'Observation/2') };
      expect(verifyProof(forged, root)).toBe(false);
      expect(verifyProof(proof, '0'.repeat(64))).toBe(false);
    }
    expect(await auditProof(url, row(12))).toBeUndefined();
    expect(await auditProof(url, row(99))).toBeUndefined();
  });

  test('two logs of the same rows have different roots: an anchor lets nothing be guessed', async () => {
    const roots: (string | undefined)[] = [];
    for (let each = 0; each < 2; each += 1) {
      const log = await open(await newDatabase());
      await log.append([record()]);
      roots.push((await log.nextAnchor())?.root);
    }
    expect(roots[0]).not.toBe(roots[1]);
  });

  test('a log that was not anchored for long catches up, anchor by anchor', async () => {
    const url = await newDatabase();
    const { row } = tamperingOf(url);
    const log = await open(url);
    await log.append(Array.from({ length: MAX_STRETCH + 1 }, () => record()));
    for (const [number, from, to] of [
      [1, 1, MAX_STRETCH],
      [2, MAX_STRETCH + 1, MAX_STRETCH + 1],
    ] as const) {
      expect(await log.nextAnchor()).toMatchObject({ number, from: row(from), to: row(to) });
      await log.confirmAnchor(number, 'tx');
    }
    expect(await log.nextAnchor()).toBeUndefined();
  });
}
