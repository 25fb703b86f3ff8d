import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'sqlite-'));
let files = 0;

/** Where a SQLite database can be made; gone when the tests of the file that asks are done. */
export const newSqliteFile = async (): Promise<string> => join(folder, `${(files += 1)}.db`);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
