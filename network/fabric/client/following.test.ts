import { following } from './following.ts';

interface Block {
  number: number;
}

/** Each connection brings these blocks, and then ends or throws. */
function connections(...brought: (readonly number[])[]) {
  const opened: number[] = [];
  async function* open(from: number): AsyncGenerator<Block> {
    opened.push(from);
    for (const number of brought[opened.length - 1] ?? []) yield { number };
    if (opened.length % 2 === 1) throw new Error('the connection was lost');
  }
  return { open, opened };
}

async function take(blocks: AsyncIterable<Block>, last: number, stop: AbortController): Promise<number[]> {
  const seen: number[] = [];
  for await (const { number } of blocks) {
    seen.push(number);
    if (number === last) stop.abort();
  }
  return seen;
}

test('whenever a connection ends the next begins with the block that is wanted, and none comes twice', async () => {
  const { open, opened } = connections([4, 5], [6], [], [7, 8, 9]);
  const stop = new AbortController();
  expect(await take(following(open, 4, stop.signal), 8, stop)).toEqual([4, 5, 6, 7, 8]);
  expect(opened).toEqual([4, 6, 7, 7]);
});

test('a connection that skips a block, or repeats one, is given up', async () => {
  const { open, opened } = connections([0, 2], [1, 1], [2]);
  const stop = new AbortController();
  expect(await take(following(open, 0, stop.signal), 2, stop)).toEqual([0, 1, 2]);
  expect(opened).toEqual([0, 1, 2]);
});

test('what ended a connection is told', async () => {
  const { open } = connections([0], [1]);
  const stop = new AbortController();
  const told: unknown[] = [];
  await take(
    following(open, 0, stop.signal, (what, cause) => told.push(what, cause)),
    1,
    stop,
  );
  expect(told).toEqual(['a delivery of blocks ended', new Error('the connection was lost')]);
});

test('one that waits for a connection ends when it is told to', async () => {
  const stop = new AbortController();
  const never: AsyncIterable<Block> = {
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('nobody is there')) }),
  };
  const done = take(
    following(
      () => never,
      0,
      stop.signal,
      () => stop.abort(),
    ),
    0,
    stop,
  );
  expect(await done).toEqual([]);
});
