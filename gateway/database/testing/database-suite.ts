import { openDatabase } from '../open.ts';
import type { Database, Schema } from '../port.ts';
import { bytes, number, text } from '../rows.ts';

const schema: Schema = ({ number, real, bytes, counted, end, clustered }) => `
  CREATE TABLE IF NOT EXISTS thing (
    name TEXT PRIMARY KEY, size ${number} NOT NULL, weight ${real}, content ${bytes}
  ) ${clustered};
  CREATE TABLE IF NOT EXISTS line (id ${counted}, body TEXT NOT NULL UNIQUE) ${end};
`;

const INSERT = 'INSERT INTO thing (name, size) VALUES (?, ?)';
const GROW = 'UPDATE thing SET size = size + 1 WHERE name = ?';

/** What both engines keep to: `newDatabase` answers the URL of a new one. */
export function databaseSuite(newDatabase: () => Promise<string>): void {
  const opened: Database[] = [];
  const open = async (url: string): Promise<Database> => {
    const db = await openDatabase({ url, store: 'things' }, schema);
    opened.push(db);
    return db;
  };
  afterEach(async () => {
    for (const db of opened.splice(0)) await db.close();
  });
  const sizes = async (db: Database): Promise<Record<string, number>> => {
    const rows = await db.all('SELECT name, size FROM thing ORDER BY name');
    return Object.fromEntries(rows.map((row) => [text(row, 'name'), number(row, 'size')]));
  };

  test('what is written comes back as it was, numbers as numbers and bytes as bytes', async () => {
    const db = await open(await newDatabase());
    const all = [2 ** 52 + 1, 0.1, Buffer.from([0, 255, 1])];
    await db.run('INSERT INTO thing (name, size, weight, content) VALUES (?, ?, ?, ?)', ['ä?', ...all]);
    const row = await db.get('SELECT * FROM thing WHERE name = ?', ['ä?']);
    if (!row) throw new Error('nothing came back');
    expect([number(row, 'size'), number(row, 'weight'), Buffer.from(bytes(row, 'content'))]).toEqual(all);
    expect(await db.get('SELECT * FROM thing WHERE name = ?', ['b'])).toBeUndefined();
    expect(await db.get('SELECT count(*) AS n FROM thing')).toEqual({ n: 1 });
  });

  test('a change says how many rows it changed', async () => {
    const db = await open(await newDatabase());
    for (const name of ['a', 'b']) expect(await db.run(INSERT, [name, 1])).toBe(1);
    expect(await db.run('UPDATE thing SET size = 2')).toBe(2);
    expect(await db.run(GROW, ['c'])).toBe(0);
  });

  test.each(['together', 'durably'] as const)('statements run %s are all there or none is', async (how) => {
    const db = await open(await newDatabase());
    const insert = (name: string) => ({ text: INSERT, values: [name, 1] });
    expect(await db[how]([insert('a'), insert('b'), { text: GROW, values: ['a'], needed: true }])).toBe(true);
    expect(await sizes(db)).toEqual({ a: 2, b: 1 });
    await expect((async () => db[how]([insert('c'), insert('a')]))()).rejects.toThrow();
    expect(await db[how]([insert('d'), { text: GROW, values: ['z'], needed: true }])).toBe(false);
    expect(await db[how]([insert('e'), { text: GROW, values: ['z'] }])).toBe(true);
    expect(await sizes(db)).toEqual({ a: 2, b: 1, e: 1 });
  });

  test('what was written is there for whoever opens it again, with its tables', async () => {
    const url = await newDatabase();
    const first = await open(url);
    await first.durably([{ text: INSERT, values: ['a', 1] }]);
    expect(await sizes(await open(url))).toEqual({ a: 1 });
  });

  test('of many who each replace what they read, one at a time does', async () => {
    const url = await newDatabase();
    const [one, other] = [await open(url), await open(url)];
    await one.run(INSERT, ['a', 0]);
    const replace = 'UPDATE thing SET size = ? WHERE name = ? AND size = ?';
    const outcomes = await Promise.all(
      [one, other, one, other].map(async (db) =>
        db.together([{ text: replace, values: [1, 'a', 0], needed: true }]),
      ),
    );
    expect(outcomes.filter(Boolean)).toHaveLength(1);
  });

  test('rows without a number get the next one', async () => {
    const db = await open(await newDatabase());
    for (const body of ['x', 'y']) await db.run('INSERT INTO line (body) VALUES (?)', [body]);
    const rows = await db.all('SELECT id FROM line ORDER BY id');
    expect(rows.map((row) => number(row, 'id'))).toEqual([1, 2]);
  });
}
