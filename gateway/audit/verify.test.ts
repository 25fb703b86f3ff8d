import { DatabaseSync } from 'node:sqlite';
import { newFile } from './fixtures/new-file.ts';
import { LAB, NEW_YEAR, record } from './fixtures/records.ts';
import { openAuditLog } from './log.ts';
import { verifyAudit } from './verify.ts';

const clock = () => NEW_YEAR;

/** A log of ten rows, the first six anchored; and what the ledger would have of it. */
function anchoredLog() {
  const file = newFile();
  const log = openAuditLog({ file, clock });
  const append = (count: number) => {
    log.appendSync(
      Array.from({ length: count }, (_, n) => record({ patient: String(n % 3), requestId: `r${n}` })),
    );
  };
  append(6);
  const anchor = log.nextAnchor();
  if (anchor === undefined) throw new Error('no anchor');
  log.confirmAnchor(anchor.number, 'tx');
  append(3);
  log.appendSync([record({ agent: LAB, policy: 'Consent/7' })]);
  return { file, ledger: new Map([[anchor.number, anchor.root]]) };
}

const tamper = (file: string, sql: string): void => {
  new DatabaseSync(file).exec(sql);
};
const cutTo = (rows: number): string =>
  `DELETE FROM event WHERE seq > ${rows};
   UPDATE head SET rows = ${rows}, hash = (SELECT hash FROM event WHERE seq = ${rows});`;

test('a log that nobody touched holds', () => {
  const { file, ledger } = anchoredLog();
  expect(verifyAudit(file, ledger)).toEqual({ ok: true, rows: 10, anchors: 1 });
});

test.each([
  ['a changed time', 'UPDATE event SET at = at + 1 WHERE seq = 4', 'hash', 4],
  ['a changed patient', 'UPDATE event SET patient = (SELECT max(id) FROM string) WHERE seq = 4', 'hash', 4],
  ['a patient taken out', 'UPDATE event SET patient = NULL WHERE seq = 4', 'hash', 4],
  ['another entity', "UPDATE event SET entity = 'Observation/9' WHERE seq = 5", 'hash', 5],
  ['another agent', 'UPDATE event SET agent = 1 WHERE seq = 10', 'hash', 10],
  ['an agent renamed for all rows', "UPDATE agent SET display = 'Nobody' WHERE id = 1", 'hash', 1],
  ['a policy renamed', "UPDATE string SET value = 'Consent/8' WHERE value = 'Consent/7'", 'hash', 10],
  ['a row hidden from who made it', 'UPDATE event SET identity = 999 WHERE seq = 3', 'index', 3],
  [
    'a patient hidden from who asks',
    'DELETE FROM concern WHERE patient IN (SELECT patient FROM event WHERE seq = 2)',
    'index',
    2,
  ],
  ['another salt', 'UPDATE event SET salt = zeroblob(16) WHERE seq = 2', 'hash', 2],
  ['a hash made up', 'UPDATE event SET hash = zeroblob(32) WHERE seq = 2', 'hash', 2],
  ['a row removed', 'DELETE FROM event WHERE seq = 7', 'missing', 7],
  ['the first row removed', 'DELETE FROM event WHERE seq = 1', 'missing', 1],
  [
    'a row removed and those after it moved up',
    'DELETE FROM event WHERE seq = 7; UPDATE event SET seq = seq - 1 WHERE seq > 7',
    'hash',
    7,
  ],
  [
    'two rows that changed places',
    'UPDATE event SET seq = 99 WHERE seq = 4; UPDATE event SET seq = 4 WHERE seq = 5; UPDATE event SET seq = 5 WHERE seq = 99',
    'hash',
    4,
  ],
  ['rows cut off', 'DELETE FROM event WHERE seq > 8', 'missing', 9],
  ['a head that was moved back', 'UPDATE head SET rows = 9', 'head', 10],
  ['all rows removed', 'DELETE FROM event', 'missing', 1],
])('%s is found', (_what, sql, fault, row) => {
  const { file } = anchoredLog();
  tamper(file, sql);
  expect(verifyAudit(file)).toMatchObject({ ok: false, fault: { kind: fault, row } });
});

test('a log cut off with its head is found by its anchors', () => {
  const { file } = anchoredLog();
  tamper(file, cutTo(4));
  expect(verifyAudit(file)).toMatchObject({
    ok: false,
    anchors: 0,
    fault: { kind: 'anchor', row: 1, anchor: 1 },
  });
});

test('a log cut off with its head and its anchors is found by those of the ledger', () => {
  const { file, ledger } = anchoredLog();
  tamper(file, `${cutTo(4)} DELETE FROM anchor;`);
  expect(verifyAudit(file)).toEqual({ ok: true, rows: 4, anchors: 0 });
  expect(verifyAudit(file, ledger)).toMatchObject({
    ok: false,
    anchors: 0,
    fault: { kind: 'anchor', row: 1, anchor: 1 },
  });
});

test('a log written anew from its first row is found by the anchors of the ledger', () => {
  const { ledger } = anchoredLog();
  const { file } = anchoredLog();
  expect(verifyAudit(file, ledger)).toMatchObject({
    ok: false,
    anchors: 0,
    fault: { kind: 'anchor', row: 1, anchor: 1 },
  });
});

test('a log that was cut off is not gone on with', () => {
  const { file } = anchoredLog();
  tamper(file, 'DELETE FROM event WHERE seq > 8');
  expect(() => openAuditLog({ file, clock })).toThrow('does not end');
});
