import { MAX_STRETCH } from './anchors.ts';
import { newFile } from './fixtures/new-file.ts';
import { NEW_YEAR, record } from './fixtures/records.ts';
import { openAuditLog } from './log.ts';
import { merkle, rootOf } from './merkle.ts';
import { auditProof, verifyProof } from './proof.ts';

const clock = () => NEW_YEAR;

test('an anchor that was never confirmed is the next one again, also after a restart', async () => {
  const file = newFile();
  const log = openAuditLog({ file, clock });
  expect(log.nextAnchor()).toBeUndefined();
  log.appendSync([record(), record()]);
  const made = log.nextAnchor();
  expect(made).toMatchObject({ number: 1, from: 1, to: 2 });
  log.appendSync([record()]);
  await log.close();
  const again = openAuditLog({ file, clock });
  expect({ ...again.nextAnchor() }).toEqual(made);
  again.confirmAnchor(1, 'tx-1');
  expect(again.nextAnchor(2)).toBeUndefined();
  expect(again.nextAnchor()).toMatchObject({ number: 2, from: 3, to: 3 });
  expect(() => {
    again.confirmAnchor(9, 'tx');
  }).toThrow(RangeError);
});

test('every row of an anchored stretch has a proof, which holds for no other row and no other root', () => {
  const file = newFile();
  const log = openAuditLog({ file, clock });
  log.appendSync(Array.from({ length: 11 }, (_, n) => record({ requestId: `r${n}` })));
  const root = log.nextAnchor()?.root ?? '';
  log.appendSync([record()]);
  for (let seq = 1; seq <= 11; seq += 1) {
    const proof = auditProof(file, seq);
    if (proof === undefined) throw new Error('no proof');
    expect(JSON.parse(proof.row)).toContain(`r${seq - 1}`);
    expect(verifyProof(proof, root)).toBe(true);
    expect(verifyProof({ ...proof, row: proof.row.replace('Observation/1', 'Observation/2') }, root)).toBe(
      false,
    );
    expect(verifyProof(proof, '0'.repeat(64))).toBe(false);
  }
  expect(auditProof(file, 12)).toBeUndefined();
  expect(auditProof(file, 99)).toBeUndefined();
});

test('two logs of the same rows have different roots: an anchor lets nothing be guessed', () => {
  const roots = [newFile(), newFile()].map((file) => {
    const log = openAuditLog({ file, clock });
    log.appendSync([record()]);
    return log.nextAnchor()?.root;
  });
  expect(roots[0]).not.toBe(roots[1]);
});

test.each([1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 65])(
  'in a tree of %i leaves every path leads to the root',
  (size) => {
    const values = Array.from({ length: size }, (_, n) => Buffer.from(`value ${n}`));
    for (const [place, value] of values.entries()) {
      const { root, path } = merkle(values, place);
      expect(rootOf(value, path)).toBe(root);
      expect(rootOf(Buffer.from('another'), path)).not.toBe(root);
    }
  },
);

test('the tree is that of RFC 6962', () => {
  const values = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657'].map((hex) =>
    Buffer.from(hex, 'hex'),
  );
  expect(merkle(values).root).toBe('ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c');
  expect(() => merkle([])).toThrow(RangeError);
});

test('a log that was not anchored for long catches up, anchor by anchor', () => {
  const file = newFile();
  const log = openAuditLog({ file, clock });
  log.appendSync(Array.from({ length: MAX_STRETCH + 1 }, () => record()));
  for (const [number, from, to] of [
    [1, 1, MAX_STRETCH],
    [2, MAX_STRETCH + 1, MAX_STRETCH + 1],
  ] as const) {
    expect(log.nextAnchor()).toMatchObject({ number, from, to });
    log.confirmAnchor(number, 'tx');
  }
  expect(log.nextAnchor()).toBeUndefined();
});
