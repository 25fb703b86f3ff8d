import { LAB, record } from '../fixtures/records.ts';
import { verifyAudit } from '../verify.ts';
import { openedLogs } from './logs.ts';
import { behind, tamperingOf, type Tampering } from './tampering.ts';

/** Finding what was tampered with, on a database of each engine: `newDatabase` answers the URL of a new one. */
export function verifySuite(newDatabase: () => Promise<string>): void {
  const { open, close } = openedLogs();
  afterEach(close);

  /** A log of ten rows, the first six anchored; and what the ledger would have of it. */
  async function anchoredLog() {
    const url = await newDatabase();
    const log = await open(url);
    const append = (count: number) =>
      log.append(
        Array.from({ length: count }, (_, n) => record({ patient: String(n % 3), requestId: `r${n}` })),
      );
    await append(6);
    const anchor = await log.nextAnchor();
    if (anchor === undefined) throw new Error('no anchor');
    await log.confirmAnchor(anchor.number, 'tx');
    await append(3);
    await log.append([record({ agent: LAB, policy: 'Consent/7' })]);
    return { url, ledger: new Map([[anchor.number, anchor.root]]) };
  }

  const cutTo = (url: string, rows: number): string => {
    const last = tamperingOf(url).row(rows);
    return `DELETE FROM event WHERE seq > ${last};
    UPDATE head SET rows = ${rows}, hash = (SELECT hash FROM event WHERE seq = ${last});`;
  };

  test('a log that nobody touched holds', async () => {
    const { url, ledger } = await anchoredLog();
    expect(await verifyAudit(url, ledger)).toEqual({ ok: true, rows: 10, anchors: 1 });
  });

  test.each<[string, (how: Tampering) => string, string, number]>([
    ['a changed time', ({ row }) => `UPDATE event SET at = at + 1 WHERE seq = ${row(4)}`, 'hash', 4],
    [
      'a changed patient',
      ({ row }) => `UPDATE event SET patient = (SELECT max(id) FROM string) WHERE seq = ${row(4)}`,
      'hash',
      4,
    ],
    ['a patient taken out', ({ row }) => `UPDATE event SET patient = NULL WHERE seq = ${row(4)}`, 'hash', 4],
    [
      'another entity',
      ({ row }) => `UPDATE event SET entity = 'Observation/9' WHERE seq = ${row(5)}`,
      'hash',
      5,
    ],
    ['another agent', ({ row }) => `UPDATE event SET agent = 1 WHERE seq = ${row(10)}`, 'hash', 10],
    ['an agent renamed for all rows', () => `UPDATE agent SET display = 'Nobody' WHERE id = 1`, 'hash', 1],
    ['a policy renamed', () => `UPDATE string SET value = 'Consent/8' WHERE value = 'Consent/7'`, 'hash', 10],
    [
      'a row hidden from who made it',
      ({ row }) => `UPDATE event SET identity = 999 WHERE seq = ${row(3)}`,
      'index',
      3,
    ],
    [
      'a patient hidden from who asks',
      ({ row }) => `DELETE FROM concern WHERE patient IN (SELECT patient FROM event WHERE seq = ${row(2)})`,
      'index',
      2,
    ],
    [
      'another salt',
      ({ row, zeros }) => `UPDATE event SET salt = ${zeros(16)} WHERE seq = ${row(2)}`,
      'hash',
      2,
    ],
    [
      'a hash made up',
      ({ row, zeros }) => `UPDATE event SET hash = ${zeros(32)} WHERE seq = ${row(2)}`,
      'hash',
      2,
    ],
    ['a row removed', ({ row }) => `DELETE FROM event WHERE seq = ${row(7)}`, 'missing', 7],
    ['the first row removed', ({ row }) => `DELETE FROM event WHERE seq = ${row(1)}`, 'missing', 1],
    [
      'a row removed and those after it moved up',
      ({ row }) =>
        `DELETE FROM event WHERE seq = ${row(7)}; UPDATE event SET seq = seq - 1 WHERE seq > ${row(7)}`,
      'hash',
      7,
    ],
    [
      'two rows that changed places',
      ({ row }) =>
        `UPDATE event SET seq = ${row(99)} WHERE seq = ${row(4)}; UPDATE event SET seq = ${row(4)} WHERE seq = ${row(5)}; UPDATE event SET seq = ${row(5)} WHERE seq = ${row(99)}`,
      'hash',
      4,
    ],
    ['rows cut off', ({ row }) => `DELETE FROM event WHERE seq > ${row(8)}`, 'missing', 9],
    ['a head that was moved back', () => 'UPDATE head SET rows = 9', 'head', 10],
    ['all rows removed', () => 'DELETE FROM event', 'missing', 1],
  ])('%s is found', async (_what, sql, fault, row) => {
    const { url } = await anchoredLog();
    await behind(url, sql(tamperingOf(url)));
    expect(await verifyAudit(url)).toMatchObject({ ok: false, fault: { kind: fault, row } });
  });

  test('a log cut off with its head is found by its anchors', async () => {
    const { url } = await anchoredLog();
    await behind(url, cutTo(url, 4));
    expect(await verifyAudit(url)).toMatchObject({
      ok: false,
      anchors: 0,
      fault: { kind: 'anchor', row: 1, anchor: 1 },
    });
  });

  test('a log cut off with its head and its anchors is found by those of the ledger', async () => {
    const { url, ledger } = await anchoredLog();
    await behind(url, `${cutTo(url, 4)} DELETE FROM anchor;`);
    expect(await verifyAudit(url)).toEqual({ ok: true, rows: 4, anchors: 0 });
    expect(await verifyAudit(url, ledger)).toMatchObject({
      ok: false,
      anchors: 0,
      fault: { kind: 'anchor', row: 1, anchor: 1 },
    });
  });

  test('a log written anew from its first row is found by the anchors of the ledger', async () => {
    const { ledger } = await anchoredLog();
    const { url } = await anchoredLog();
    expect(await verifyAudit(url, ledger)).toMatchObject({
      ok: false,
      anchors: 0,
      fault: { kind: 'anchor', row: 1, anchor: 1 },
    });
  });

  test('a log that was cut off is not gone on with', async () => {
    const { url } = await anchoredLog();
    await close();
    await behind(url, `DELETE FROM event WHERE seq > ${tamperingOf(url).row(8)}`);
    await expect(open(url)).rejects.toThrow('does not end');
  });
}
