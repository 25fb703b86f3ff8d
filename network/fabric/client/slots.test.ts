import { Slots } from './slots.ts';

test('so many work at a time, and the others in their turn, also when one fails', async () => {
  const slots = new Slots(2);
  const running = new Set<number>();
  let most = 0;
  const order: number[] = [];
  const results = await Promise.allSettled(
    [0, 1, 2, 3, 4, 5].map((name) =>
      slots.run(async () => {
        running.add(name);
        order.push(name);
        most = Math.max(most, running.size);
        await new Promise((resolve) => setImmediate(resolve));
        running.delete(name);
        if (name === 1) throw new Error('no');
        return name;
      }),
    ),
  );
  expect(most).toBe(2);
  expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  expect(results.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    ...Array<string>(4).fill('fulfilled'),
  ]);
});
