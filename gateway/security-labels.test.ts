import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLabelTable } from './security-labels.ts';

test('the operator’s table is read; what is wrong with it is said beside whatever else is wrong', () => {
  const folder = mkdtempSync(join(tmpdir(), 'labels-'));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const rows = [{ labels: ['PSY'], confidentiality: 'R', codes: { 'urn:x': ['1'] } }];
  const problems: string[] = [];
  expect(readLabelTable(undefined, problems)).toBeUndefined();
  expect(readLabelTable(file('good.json', JSON.stringify({ rows })), problems)).toEqual({ rows });
  expect(problems).toEqual([]);
  readLabelTable(file('bad.json', '{"rows": [{}]}'), problems);
  readLabelTable(join(folder, 'absent.json'), problems);
  expect(problems).toEqual([
    expect.stringContaining('rows[0]: labels'),
    expect.stringContaining('absent.json'),
  ]);
  rmSync(folder, { recursive: true });
});
