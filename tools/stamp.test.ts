import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stampOf } from './stamp.ts';

let root: string;
const write = (file: string, text: string): void => {
  writeFileSync(path.join(root, file), text);
};
const stamp = (): string => stampOf({ root, sources: ['*.ts'], packages: ['package.json'] });

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'stamp-'));
  write('a.ts', '1');
  write('package.json', '{"version":"1.0.0"}');
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

test.each<[string, () => void, boolean]>([
  ['nothing changed', () => undefined, false],
  [
    'a source changed',
    () => {
      write('a.ts', '2');
    },
    true,
  ],
  [
    'a source was added',
    () => {
      write('b.ts', '');
    },
    true,
  ],
  [
    'another version is installed',
    () => {
      write('package.json', '{"version":"1.0.1"}');
    },
    true,
  ],
  [
    'a test changed',
    () => {
      write('a.test.ts', '2');
    },
    false,
  ],
  [
    'something else of the package changed',
    () => {
      write('package.json', '{"version":"1.0.0","x":1}');
    },
    false,
  ],
])('what was built is made again when %s', (_, change, again) => {
  const before = stamp();
  change();
  expect(stamp() !== before).toBe(again);
});

test('without what it is built from, the build says what to do', () => {
  rmSync(path.join(root, 'package.json'));
  expect(stamp).toThrow('run npm ci');
});
