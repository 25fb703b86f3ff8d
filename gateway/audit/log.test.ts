import { DatabaseSync } from 'node:sqlite';
import { newFile } from './fixtures/new-file.ts';
import { NEW_YEAR, record } from './fixtures/records.ts';
import type { Interaction } from './interactions.ts';
import { openAuditLog } from './log.ts';
import { verifyAudit } from './verify.ts';

const clock = () => NEW_YEAR;

test('a record that was acknowledged is in the file, chained to the one before', async () => {
  const file = newFile();
  const log = openAuditLog({ file, clock });
  await log.append([record()]);
  await log.append([record({ interaction: 'search-type', entities: [], query: 'Observation?code=1' })]);
  const rows = new DatabaseSync(file, { readOnly: true })
    .prepare('SELECT seq, entity, query FROM event')
    .all();
  expect(rows.map((row) => ({ ...row }))).toEqual([
    { seq: 1, entity: 'Observation/1', query: null },
    { seq: 2, entity: null, query: 'Observation?code=1' },
  ]);
  expect(verifyAudit(file)).toEqual({ ok: true, rows: 2, anchors: 0 });
  await log.close();
});

test('requests that come in together share one synced transaction', async () => {
  const file = newFile();
  const log = openAuditLog({ file, clock });
  const watcher = new DatabaseSync(file, { readOnly: true });
  const dataVersion = () => Number(watcher.prepare('PRAGMA data_version').get()?.['data_version']);
  const seen = new Set([dataVersion()]);
  const watch = () => seen.add(dataVersion());
  await Promise.all(Array.from({ length: 30 }, () => log.append([record()]).then(watch)));
  expect(seen.size).toBe(2);
  expect(log.rows()).toBe(30);
  await log.close();
});

test('what waits is written before the log closes', async () => {
  const file = newFile();
  const log = openAuditLog({ file, clock });
  const acknowledged = log.append([record(), record()]);
  await log.close();
  await acknowledged;
  expect(verifyAudit(file)).toEqual({ ok: true, rows: 2, anchors: 0 });
});

test('a log is gone on with where it ended', async () => {
  const file = newFile();
  for (let run = 0; run < 3; run += 1) {
    const log = openAuditLog({ file, clock });
    await log.append([record(), record({ patient: String(run) })]);
    await log.close();
  }
  expect(verifyAudit(file)).toEqual({ ok: true, rows: 6, anchors: 0 });
});

test('a record with several entities is an event for each', () => {
  const file = newFile();
  const log = openAuditLog({ file, clock });
  log.appendSync([record({ entities: [{ reference: 'Observation/1' }, { reference: 'Observation/2' }] })]);
  expect(log.rows()).toBe(2);
});

test('a record that is none is refused, and those beside it are written', async () => {
  const file = newFile();
  const log = openAuditLog({ file, clock });
  const outcomes = await Promise.allSettled([
    log.append([record()]),
    log.append([record({ interaction: 'eavesdrop' as Interaction })]),
    log.append([record({ at: Number.NaN })]),
    log.append([record({ entities: [{ reference: 'Observation/1', version: 1.5 }] })]),
    log.append([record()]),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'rejected',
    'rejected',
    'fulfilled',
  ]);
  expect(verifyAudit(file)).toEqual({ ok: true, rows: 2, anchors: 0 });
});

test('two writers never write one chain: the second is refused and nothing is lost', async () => {
  const file = newFile();
  const [first, second] = [openAuditLog({ file, clock }), openAuditLog({ file, clock })];
  await first.append([record()]);
  await expect(second.append([record()])).rejects.toThrow();
  await first.append([record()]);
  expect(verifyAudit(file)).toEqual({ ok: true, rows: 2, anchors: 0 });
});

test.each(['\ud800', 'a\0b', '𝒳 é \u2028', '"\\', ''])('text %j in a query keeps its hash', (query) => {
  const file = newFile();
  openAuditLog({ file, clock }).appendSync([record({ query, requestId: query })]);
  expect(verifyAudit(file)).toEqual({ ok: true, rows: 1, anchors: 0 });
});

test("a patient's name is not kept", () => {
  const file = newFile();
  const agent = { ...record().agent, role: 'patient', display: 'Maragret Smith' } as const;
  openAuditLog({ file, clock }).appendSync([record({ agent })]);
  const row = new DatabaseSync(file, { readOnly: true }).prepare('SELECT display FROM agent').get();
  expect(row?.['display']).toBe('');
});
