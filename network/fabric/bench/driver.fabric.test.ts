import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { ADAPTERS } from '../client/connection.ts';
import type { Batches } from './batches.ts';
import { describeFabric, fabricNetwork } from '../testing/fabric-network.ts';

const DRIVER = fileURLToPath(new URL('./driver.ts', import.meta.url));

/** Gives a driver its orders; its answers, and how it ended. */
async function drive(folder: string, orders: readonly object[]) {
  const child = spawn(process.execPath, [DRIVER, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  child.stdin.end(orders.map((order) => `${JSON.stringify(order)}\n`).join(''));
  const lines = (await text(child.stdout)).trim().split('\n');
  const [code] = (await ended) as [number];
  return { answers: lines.map((line) => JSON.parse(line) as Record<string, unknown>), code };
}

/** A conflict at commit, which is tried again, counts for nothing. */
const validOf = ({ transactions, invalid, commands }: Batches) => ({
  transactions: transactions - invalid,
  commands,
});

describeFabric('a network that is loaded without a gateway', () => {
  let root: string;
  beforeAll(async () => {
    ({ root } = await fabricNetwork());
  });

  test.each(ADAPTERS)('%s: nothing fails, and the blocks hold what was done', async (adapter) => {
    const order = { adapter, calls: 4, seconds: 1, identities: 2, patients: 4 };
    const kinds = ['single', 'coalesced', 'empty', 'evaluate'];
    const { answers, code } = await drive(
      root,
      kinds.map((kind) => ({ ...order, do: kind })),
    );
    expect(code).toBe(0);
    expect(answers.map(({ failed }) => failed)).toEqual([{}, {}, {}, {}]);
    const [single, coalesced, empty, evaluate] = answers.map(({ done, batches }) => ({
      done: Number(done),
      ...validOf(batches as Batches),
    }));
    expect(single?.done).toBeGreaterThan(0);
    expect(single).toMatchObject({ transactions: single?.done, commands: single?.done });
    expect(coalesced?.commands).toBe(coalesced?.done);
    expect(coalesced?.transactions).toBeLessThan(coalesced?.commands ?? 0);
    expect(empty).toMatchObject({ transactions: empty?.done, commands: 0 });
    expect(evaluate?.done).toBeGreaterThan(0);
    expect(evaluate?.transactions).toBe(0);
  });
});
