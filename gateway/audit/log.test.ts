import { DatabaseSync } from 'node:sqlite';
import { newSqliteFile } from '../testing/sqlite-files.ts';
import { record } from './fixtures/records.ts';
import { logSuite } from './testing/log-suite.ts';
import { openedLogs } from './testing/logs.ts';
import { verifyAudit } from './verify.ts';

logSuite(newSqliteFile);

const { open } = openedLogs();

test('requests that come in together share one synced transaction', async () => {
  const url = await newSqliteFile();
  const log = await open(url);
  const watcher = new DatabaseSync(url, { readOnly: true });
  const dataVersion = () => Number(watcher.prepare('PRAGMA data_version').get()?.['data_version']);
  const seen = new Set([dataVersion()]);
  const watch = () => seen.add(dataVersion());
  await Promise.all(Array.from({ length: 30 }, () => log.append([record()]).then(watch)));
  expect(seen.size).toBe(2);
  expect(log.rows()).toBe(30);
  watcher.close();
});

test('two writers never write one chain: the second is refused and nothing is lost', async () => {
  const url = await newSqliteFile();
  const [first, second] = [await open(url), await open(url)];
  await first.append([record()]);
  await expect(second.append([record()])).rejects.toThrow();
  await first.append([record()]);
  expect(await verifyAudit(url)).toEqual({ ok: true, rows: 2, anchors: 0 });
});
