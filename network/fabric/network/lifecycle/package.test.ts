import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tarGz } from './tar.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'package-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const BUILDER = fileURLToPath(new URL('../builder/bin', import.meta.url));
const builder = (step: string, ...args: string[]) =>
  execFileSync(
    join(BUILDER, step),
    args.map((arg) => join(folder, arg)),
    { stdio: 'ignore' },
  );

test('tar reads the archive, and the same files make the same bytes', () => {
  const files = { 'metadata.json': '{}', 'code.tar.gz': new Uint8Array(1000).fill(7) };
  writeFileSync(join(folder, 'a.tgz'), tarGz(files));
  execFileSync('tar', ['-xzf', 'a.tgz'], { cwd: folder });
  expect(readFileSync(join(folder, 'metadata.json'), 'utf8')).toBe('{}');
  expect(readFileSync(join(folder, 'code.tar.gz'))).toEqual(Buffer.alloc(1000, 7));
  expect(tarGz(files)).toEqual(tarGz(files));
});

test('the builder takes chaincode as a service and nothing else, and tells the peer where it is', () => {
  for (const name of ['source', 'metadata', 'other', 'built', 'released']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'source', 'connection.json'), '{"address":"127.0.0.1:7057"}');
  writeFileSync(join(folder, 'metadata', 'metadata.json'), JSON.stringify({ type: 'ccaas', label: 'ehr_1' }));
  writeFileSync(join(folder, 'other', 'metadata.json'), JSON.stringify({ type: 'golang', label: 'ccaas' }));
  builder('detect', 'source', 'metadata');
  expect(() => builder('detect', 'source', 'other')).toThrow();
  builder('build', 'source', 'metadata', 'built');
  builder('release', 'built', 'released');
  expect(readFileSync(join(folder, 'released', 'chaincode', 'server', 'connection.json'), 'utf8')).toBe(
    '{"address":"127.0.0.1:7057"}',
  );
});
