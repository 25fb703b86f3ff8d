import { KeyedQueue } from './keyed-queue.ts';

test('work on one key waits its turn, also behind work that failed; other keys do not wait', async () => {
  const queue = new KeyedQueue();
  const order: string[] = [];
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  const first = queue.run('a', async () => {
    await gate;
    order.push('a1');
    throw new Error('failed');
  });
  const second = queue.run('a', () => Promise.resolve(void order.push('a2')));
  await queue.run('b', () => Promise.resolve(void order.push('b1')));
  release();
  await expect(first).rejects.toThrow('failed');
  await second;
  expect(order).toEqual(['b1', 'a1', 'a2']);
});
