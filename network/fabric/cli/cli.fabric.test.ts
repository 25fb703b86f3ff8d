import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isRunning, readRecord, writeRecord } from '../network/native/process-record.ts';
import { describeFabric } from '../testing/fabric-network.ts';
import { freeBasePort } from '../testing/ports.ts';
import { runCli } from '../testing/run-cli.ts';
import { until } from '../testing/until.ts';

describeFabric('the commands', () => {
  let folder: string;
  let env: Record<string, string>;
  beforeEach(async () => {
    folder = join(mkdtempSync(join(tmpdir(), 'commands-')), 'net');
    env = { FABRIC_DIR: folder, FABRIC_BASE_PORT: String(await freeBasePort()) };
  });
  afterEach(async () => {
    await runCli('down', [], env);
    rmSync(join(folder, '..'), { recursive: true });
  });

  const run = (command: string, ...args: string[]) => runCli(command, args, env);
  const records = () =>
    readdirSync(join(folder, 'run'))
      .filter((file) => file.endsWith('.pid'))
      .map((file) => readRecord(join(folder, 'run'), basename(file, '.pid')));

  test('up, up again, and down, which leaves no process and no file behind', async () => {
    const up = await run('up');
    expect([up.status, up.errors]).toEqual([0, '']);
    expect(up.output).toContain(`LEDGER=${folder}/connections/hospital.json`);
    const again = await run('up');
    expect([again.status, again.errors]).toEqual([0, '']);
    expect(again.output).toContain('is up already');
    const running = records();
    expect(running.length).toBeGreaterThanOrEqual(7);
    expect(running.every(isRunning)).toBe(true);
    expect((await run('down')).status).toBe(0);
    expect(existsSync(folder)).toBe(false);
    expect(running.some(isRunning)).toBe(false);
  });

  test('down keeps what in the folder is not the network’s', async () => {
    await run('up');
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    await run('down');
    expect(readdirSync(folder)).toEqual(['notes.txt']);
  });

  test('a node that was killed is seen, and comes back by its name', async () => {
    await run('up');
    expect((await run('status')).status).toBe(0);
    const name = 'peer0.lab.example';
    const [pid] = readFileSync(join(folder, 'run', `${name}.pid`), 'utf8').split('\n');
    process.kill(Number(pid), 'SIGKILL');
    const dead = new RegExp(`^${name} +ended$`, 'm');
    await until(async () => dead.test((await run('status')).output));
    expect((await run('status')).status).toBe(1);
    expect((await run('node', 'start', name)).status).toBe(0);
    expect((await run('status')).status).toBe(0);
    expect((await run('node', 'stop', name)).status).toBe(0);
    expect((await run('status')).output).toMatch(new RegExp(`^${name} +stopped$`, 'm'));
  });

  test('what runs and is no member’s is seen, and goes with the network', async () => {
    await run('up');
    const child = spawn('sleep', ['600'], { stdio: 'ignore' });
    writeRecord(join(folder, 'run'), 'peer0.clinic.example', child.pid ?? 0);
    const status = await run('status');
    expect(status.output).toMatch(/^peer0\.clinic\.example +runs, and is no member’s/m);
    expect(status.status).toBe(1);
    const ended = once(child, 'exit');
    await run('down');
    await ended;
  });

  test('a step that fails is named with the end of its log, and up goes on from there', async () => {
    const port = Number(env['FABRIC_BASE_PORT']) + 42;
    const squatter = createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');
    const failed = await run('up');
    expect(failed.status).toBe(1);
    expect(failed.errors).toContain('start orderer1.orderer.example');
    expect(failed.errors).toContain('address already in use');
    squatter.close();
    await once(squatter, 'close');
    expect(await run('up')).toMatchObject({ status: 0, errors: '' });
  });

  test('down with --keep-data and up again is the same network', async () => {
    await run('up', '--no-fabric-ca');
    const certificate = join(folder, 'organisations', 'lab', 'ca', 'certificate.pem');
    const before = readFileSync(certificate, 'utf8');
    expect((await run('down', '--keep-data')).status).toBe(0);
    expect(records()).toEqual([]);
    expect((await run('up', '--peers', '2')).errors).toContain('made with another --peers');
    expect(await run('up')).toMatchObject({ status: 0, errors: '' });
    expect(readFileSync(certificate, 'utf8')).toBe(before);
  });
});
