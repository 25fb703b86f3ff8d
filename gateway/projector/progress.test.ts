import { Progress } from './progress.ts';

test('whoever waits for a block is told once it is applied, and whoever asks later at once', async () => {
  const progress = new Progress();
  const waiting = progress.came(3);
  progress.reached(2);
  progress.reached(3);
  expect(await waiting).toBe(true);
  expect(await progress.came(1)).toBe(true);
});

test('what is not applied in time did not come', async () => {
  expect(await new Progress().came(0, 1)).toBe(false);
});

test('nobody waits for what is closed', async () => {
  const progress = new Progress();
  const waiting = progress.came(0);
  progress.close();
  expect([await waiting, await progress.came(1)]).toEqual([false, false]);
});

test('what another process applies counts, and is no longer listened for when it was applied here', async () => {
  const asked: { block: number; signal: AbortSignal; tell: () => void }[] = [];
  const progress = new Progress(
    (block, signal) => new Promise((resolve) => asked.push({ block, signal, tell: resolve })),
  );
  const there = progress.came(1);
  asked[0]?.tell();
  expect(await there).toBe(true);
  const here = progress.came(2);
  expect(asked[1]?.signal.aborted).toBe(false);
  progress.reached(2);
  expect([await here, asked[1]?.signal.aborted]).toEqual([true, true]);
});

test('another process that can’t be listened to leaves it to time', async () => {
  const progress = new Progress(() => Promise.reject(new Error('no connection')));
  expect(await progress.came(0, 5)).toBe(false);
});
