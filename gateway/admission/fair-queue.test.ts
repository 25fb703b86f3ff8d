import { FairQueue } from './fair-queue.ts';

const item = (text: string) => ({ caller: text.charAt(0), text });

function queueOf(...texts: string[]): FairQueue<ReturnType<typeof item>> {
  const queue = new FairQueue<ReturnType<typeof item>>();
  for (const text of texts) queue.push(item(text));
  return queue;
}

function drain(queue: FairQueue<ReturnType<typeof item>>): string[] {
  const out = [];
  for (let next = queue.shift(); next; next = queue.shift()) out.push(next.text);
  return out;
}

test('whoever asks for much waits for the much that they asked for, and nobody else does', () => {
  expect(drain(queueOf('a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'b2'))).toEqual([
    ...['a1', 'b1', 'c1'],
    ...['a2', 'b2'],
    ...['a3', 'a4'],
  ]);
});

test('it counts what waits, of all and of each, and shows whose turn it is', () => {
  const queue = queueOf('a1', 'a2', 'b1');
  expect([queue.size, queue.callers, queue.of('a'), queue.of('b'), queue.of('c')]).toEqual([3, 2, 2, 1, 0]);
  expect(queue.peek()?.text).toBe('a1');
  queue.shift();
  expect([queue.size, queue.callers, queue.of('a'), queue.peek()?.text]).toEqual([2, 2, 1, 'b1']);
  drain(queue);
  expect([queue.size, queue.callers, queue.peek(), queue.shift()]).toEqual([0, 0, undefined, undefined]);
});

test('the oldest of each are taken out up to the first that is not meant, and the turns go on', () => {
  const queue = queueOf('a1', 'a2', 'b2', 'c1', 'a1');
  const taken = queue.takeWhile(({ text }) => text.endsWith('1')).map(({ text }) => text);
  expect(taken).toEqual(['a1', 'c1']);
  expect([queue.size, queue.callers]).toEqual([3, 2]);
  expect(drain(queue)).toEqual(['a2', 'b2', 'a1']);
});
