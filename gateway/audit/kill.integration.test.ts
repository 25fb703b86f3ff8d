import { spawn } from 'node:child_process';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { newFile } from './fixtures/new-file.ts';
import { NEW_YEAR } from './fixtures/records.ts';
import { openAuditLog } from './log.ts';
import { verifyAudit } from './verify.ts';

const program = fileURLToPath(new URL('./fixtures/append-until-killed.ts', import.meta.url));

/** Runs the appender, and kills it with nothing said once it has acknowledged `count` records. */
async function acknowledgedUntilKilled(file: string, count: number): Promise<string[]> {
  const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (!child.killed && output.split('\n').length > count) child.kill('SIGKILL');
  }
  return output.split('\n').slice(0, -1);
}

test('a process killed in the midst of appending loses nothing that it acknowledged', async () => {
  const file = newFile();
  const acknowledged: string[] = [];
  for (const count of [1, 500, 3000]) {
    acknowledged.push(...(await acknowledgedUntilKilled(file, count)));
    expect(verifyAudit(file)).toMatchObject({ ok: true });
  }
  expect(acknowledged.length).toBeGreaterThan(3000);

  const log = openAuditLog({ file, clock: () => NEW_YEAR });
  const kept = new DatabaseSync(file).prepare('SELECT request FROM event').all();
  const requests = new Map<string, number>();
  for (const { request } of kept) requests.set(String(request), (requests.get(String(request)) ?? 0) + 1);
  const said = new Map<string, number>();
  for (const request of acknowledged) said.set(request, (said.get(request) ?? 0) + 1);
  expect([...said].filter(([request, times]) => (requests.get(request) ?? 0) < times)).toEqual([]);
  await log.close();
});
