import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { verifyAudit } from '../verify.ts';
import { openedLogs } from './logs.ts';
import { behind } from './tampering.ts';

const program = fileURLToPath(new URL('../fixtures/append-until-killed.ts', import.meta.url));

/** Runs the appender, and kills it with nothing said once it has acknowledged `count` records. */
async function acknowledgedUntilKilled(url: string, count: number): Promise<string[]> {
  const child = spawn(process.execPath, [program, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (!child.killed && output.split('\n').length > count) child.kill('SIGKILL');
  }
  return output.split('\n').slice(0, -1);
}

/** Being killed, on a database of each engine: `newDatabase` answers the URL of a new one. */
export function killSuite(newDatabase: () => Promise<string>): void {
  const { open } = openedLogs();

  test('a process killed in the midst of appending loses nothing that it acknowledged', async () => {
    const url = await newDatabase();
    const acknowledged: string[] = [];
    for (const count of [1, 500, 3000]) {
      acknowledged.push(...(await acknowledgedUntilKilled(url, count)));
      expect(await verifyAudit(url)).toMatchObject({ ok: true });
    }
    expect(acknowledged.length).toBeGreaterThan(3000);

    await open(url);
    const kept = await behind(url, 'SELECT request FROM event');
    const requests = new Map<string, number>();
    for (const { request } of kept) requests.set(String(request), (requests.get(String(request)) ?? 0) + 1);
    const said = new Map<string, number>();
    for (const request of acknowledged) said.set(request, (said.get(request) ?? 0) + 1);
    expect([...said].filter(([request, times]) => (requests.get(request) ?? 0) < times)).toEqual([]);
  });
}
