import { record } from '../fixtures/records.ts';
import type { Interaction } from '../interactions.ts';
import { verifyAudit } from '../verify.ts';
import { openedLogs } from './logs.ts';
import { behind } from './tampering.ts';

/** Appending, on a database of each engine: `newDatabase` answers the URL of a new one. */
export function logSuite(newDatabase: () => Promise<string>): void {
  const { open, close } = openedLogs();
  afterEach(close);

  test('a record that was acknowledged is in the database, chained to the one before', async () => {
    const url = await newDatabase();
    const log = await open(url);
    await log.append([record()]);
    await log.append([record({ interaction: 'search-type', entities: [], query: 'Observation?code=1' })]);
    expect(await behind(url, 'SELECT entity, query FROM event ORDER BY seq')).toEqual([
      { entity: 'Observation/1', query: null },
      { entity: null, query: 'Observation?code=1' },
    ]);
    expect(await verifyAudit(url)).toEqual({ ok: true, rows: 2, anchors: 0 });
  });

  test('what waits is written before the log closes', async () => {
    const url = await newDatabase();
    const log = await open(url);
    const acknowledged = log.append([record(), record()]);
    await close();
    await acknowledged;
    expect(await verifyAudit(url)).toEqual({ ok: true, rows: 2, anchors: 0 });
  });

  test('a log is gone on with where it ended', async () => {
    const url = await newDatabase();
    for (let run = 0; run < 3; run += 1) {
      const log = await open(url);
      expect(log.rows()).toBe(run * 2);
      await log.append([record(), record({ patient: String(run) })]);
      await close();
    }
    expect(await verifyAudit(url)).toEqual({ ok: true, rows: 6, anchors: 0 });
  });

  test('a record with several entities is an event for each', async () => {
    const log = await open(await newDatabase());
    await log.append([
      record({ entities: [{ reference: 'Observation/1' }, { reference: 'Observation/2' }] }),
    ]);
    expect(log.rows()).toBe(2);
  });

  test('a record that is none is refused, and those beside it are written', async () => {
    const url = await newDatabase();
    const log = await open(url);
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
    expect(await verifyAudit(url)).toEqual({ ok: true, rows: 2, anchors: 0 });
  });

  test.each(['\ud800', 'a\0b', '𝒳 é \u2028', '"\\', 'NULL', '{,}', ''])(
    'text %j in a query keeps its hash',
    async (query) => {
      const url = await newDatabase();
      const agent = { ...record().agent, client: query, display: query };
      await (await open(url)).append([record({ query, requestId: query, agent })]);
      expect(await verifyAudit(url)).toEqual({ ok: true, rows: 1, anchors: 0 });
    },
  );

  test('text of any length is kept', async () => {
    const url = await newDatabase();
    const long = Array.from({ length: 20_000 }, (_, n) => String.fromCharCode(97 + ((n * n) % 26))).join('');
    const agent = { ...record().agent, display: long };
    await (await open(url)).append([record({ query: long, agent }), record({ agent })]);
    expect(await verifyAudit(url)).toEqual({ ok: true, rows: 2, anchors: 0 });
  });

  test("a patient's name is not kept", async () => {
    const url = await newDatabase();
    const agent = { ...record().agent, role: 'patient', display: 'Maragret Smith' } as const;
    await (await open(url)).append([record({ agent })]);
    expect(JSON.stringify(await behind(url, 'SELECT * FROM agent'))).not.toMatch(/maragret/i);
  });
}
