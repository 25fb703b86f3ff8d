import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { showTransaction, signerRecord, verifyLedger } from '../index.ts';
import { read } from './testing/notebook.ts';
import { Scene } from './testing/scene.ts';

const WRITER = fileURLToPath(new URL('./testing/writer.ts', import.meta.url));

/** Lets a writer go on for a while after its first answer, kills it, and says what it had answered: number → txId. */
async function writeAndKill(
  folder: string,
  from: number,
  milliseconds: number,
): Promise<Map<number, string>> {
  const child = spawn(process.execPath, [WRITER, folder, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    if (output === '') setTimeout(() => child.kill('SIGKILL'), milliseconds);
    output += data.toString();
  });
  await once(child, 'close');
  expect(child.signalCode).toBe('SIGKILL');
  const whole = output.slice(0, output.lastIndexOf('\n'));
  return new Map(
    whole.split('\n').map((line): [number, string] => {
      const [n, txId] = line.split(' ');
      return [Number(n), txId ?? ''];
    }),
  );
}

test('a process killed at any moment has kept everything it answered, and nothing by halves', async () => {
  const scene = new Scene();
  for (let i = 0; i < 4; i += 1) await scene.enroll();
  const [me] = await (await scene.wallet()).list();
  const answered = new Map<number, string>();
  let from = 0;
  for (let round = 0; round < 4; round += 1) {
    const now = await writeAndKill(scene.folder, from, Math.random() * 300);
    expect(now.size).toBeGreaterThan(0);
    for (const [n, txId] of now) answered.set(n, txId);
    from = Math.max(...answered.keys()) + 1000;
    const { signer = '', head } = signerRecord(join(scene.folder, 'ledger.key'));
    expect(head).toBeDefined();
    expect(verifyLedger(scene.file, { signer, heads: head ? [head] : [] }).problem).toBeUndefined();
  }
  for (const txId of answered.values())
    expect(showTransaction(scene.file, txId)?.transaction.code).toBe('VALID');

  const ledger = await scene.open();
  const held = async (key: string) => {
    if (!me) throw new Error('the wallet is empty');
    return ((await ledger.evaluate(me, read(key))) as { value: string }).value;
  };
  for (const n of answered.keys()) expect(await held(`n/${n}`)).toBe(String(n));
  for (let n = 0; n < from; n += 3) expect(await held(`twin/${n}`)).toBe(await held(`n/${n}`));
  await scene.remove();
}, 900_000);
