import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../testing/run-cli.ts';
import { readEnvironment } from './environment.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('without FABRIC_BIN, up says what to set and leaves nothing behind', async () => {
  const { status, errors } = await runCli('up', [], { FABRIC_DIR: folder, FABRIC_BIN: '' });
  expect(status).toBe(1);
  expect(errors).toContain('Set FABRIC_BIN to the folder');
  expect(readdirSync(folder)).toEqual([]);
});

test('a folder without Fabric’s programs is named, with what it lacks', async () => {
  const { status, errors } = await runCli('up', [], { FABRIC_DIR: folder, FABRIC_BIN: folder });
  expect(status).toBe(1);
  expect(errors).toContain(`FABRIC_BIN=${folder} has no peer, no orderer, no configtxgen, no osnadmin`);
});

test.each(['status', 'revoke', 'upgrade', 'add-organisation'])(
  '%s, where no network is, says how to make one',
  async (command) => {
    const args = {
      revoke: ['--organisation', 'lab', '--serial', '1'],
      'add-organisation': ['--name', 'clinic'],
    };
    const { status, errors } = await runCli(command, command in args ? args[command as 'revoke'] : [], {
      FABRIC_DIR: folder,
    });
    expect([status, errors]).toEqual([1, `no network in ${folder}; \`npm run network:up\` makes one\n`]);
  },
);

test.each([
  ['up', ['--pears', '2']],
  ['down', ['now']],
  ['node', ['stop']],
  ['revoke', ['--organisation', 'lab']],
  ['add-organisation', []],
])('%s, called wrongly, says its usage and ends with 2', async (command, args) => {
  const { status, errors } = await runCli(command, args, { FABRIC_DIR: folder });
  expect(status).toBe(2);
  expect(errors).toContain('usage: ');
});

test('down, where nothing is, is content', async () => {
  const empty = join(folder, 'none');
  const { status, output } = await runCli('down', [], { FABRIC_DIR: empty });
  expect([status, output]).toEqual([0, `Nothing ran in ${empty}.\n`]);
});

test.each([
  ['FABRIC_BASE_PORT', 'x'],
  ['FABRIC_BASE_PORT', '80'],
  ['FABRIC_BATCH_TIMEOUT', '50'],
])('%s=%s is refused by name', (name, value) => {
  expect(() => readEnvironment({ [name]: value })).toThrow(`${name}=${value}`);
});
