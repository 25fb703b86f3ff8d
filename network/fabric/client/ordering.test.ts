import { setTimeout as delay } from 'node:timers/promises';
import { LedgerError } from '@fhir-fabric-gateway/chaincode/api';
import { CommitWatch, type Committed } from './commit-watch.ts';
import { OrderingFailure, type BlockStatus, type EndorsedTransaction } from './fabric-client.ts';
import { Ordering } from './ordering.ts';

const TIMING = { patience: 60_000, sendAgainAfter: 60_000, closeWithin: 0 };

/** Blocks that a test commits, seen by a watch. */
function chain() {
  const waiting: ((block: BlockStatus) => void)[] = [];
  const blocks: BlockStatus[] = [];
  let number = 7;
  async function* statuses(from: number, signal: AbortSignal): AsyncGenerator<BlockStatus> {
    expect(from).toBe(7);
    while (!signal.aborted) {
      yield (
        blocks.shift() ??
        (await new Promise<BlockStatus>((resolve) => {
          waiting.push(resolve);
          signal.addEventListener('abort', () => resolve({ number: -1, transactions: [] }));
        }))
      );
    }
  }
  const commit = (...transactions: (readonly [txId: string, code: number])[]) => {
    const block = { number: number++, transactions: transactions.map(([txId, code]) => ({ txId, code })) };
    const next = waiting.shift();
    if (next) next(block);
    else blocks.push(block);
  };
  return { watch: new CommitWatch(async () => 7, statuses), commit };
}

/** A transaction, and what comes of sending it each time; the last goes on. */
function transaction(txId: string, ...sent: (() => void)[]): EndorsedTransaction & { sent: number } {
  return {
    txId,
    response: new Uint8Array(0),
    sent: 0,
    async order() {
      this.sent += 1;
      sent[Math.min(this.sent, sent.length) - 1]?.();
    },
  };
}

const fails = (taken: 'never' | 'perhaps', refusal?: LedgerError) => () => {
  throw new OrderingFailure(taken, new Error('down'), refusal);
};
const taken = () => undefined;
const never = new AbortController().signal;
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'OK',
    (error: unknown) => (error as LedgerError).code,
  );

let open: CommitWatch | undefined;
afterEach(() => open?.close());

const unknown = () => Promise.reject(new Error('no such transaction'));

function ordering(timing = TIMING, lookUp: () => Promise<Committed> = unknown) {
  const { watch, commit } = chain();
  open = watch;
  return { ordering: new Ordering(watch, timing, lookUp), commit };
}

test('a transaction ends where its block has it, whatever its code', async () => {
  const { ordering: orders, commit } = ordering();
  const [first, second] = ['a', 'b'].map((txId) => orders.commit(transaction(txId, taken), never));
  commit(['x', 0], ['b', 11], ['a', 0], ['a', 9]);
  expect(await first).toEqual({ block: 7, transaction: 2, code: 0 });
  expect(await second).toEqual({ block: 7, transaction: 1, code: 11 });
});

test('an envelope of which nobody knows is sent again until it is in a block', async () => {
  const { ordering: orders, commit } = ordering();
  const sent = transaction('a', fails('perhaps'), fails('never'), () => commit(['a', 0]));
  expect(await codeOf(orders.commit(sent, never))).toBe('OK');
  expect(sent.sent).toBe(3);
});

test('one that was taken and then lost is sent again', async () => {
  const { ordering: orders, commit } = ordering({ ...TIMING, sendAgainAfter: 10 });
  const sent = transaction('a', taken, taken, () => commit(['a', 0]));
  expect(await codeOf(orders.commit(sent, never))).toBe('OK');
});

test('when nobody has taken it, it is not done; when somebody may have, it is undecided', async () => {
  const { ordering: orders } = ordering({ ...TIMING, patience: 200 });
  const results = [
    codeOf(orders.commit(transaction('a', fails('never')), never)),
    codeOf(orders.commit(transaction('b', fails('perhaps'), fails('never')), never)),
  ];
  expect(await Promise.all(results)).toEqual(['UNAVAILABLE', 'UNDECIDED']);
});

describe('an orderer that does not answer', () => {
  const hanging = (txId: string, commit: () => void = () => undefined): EndorsedTransaction => ({
    txId,
    response: new Uint8Array(0),
    order: () => {
      commit();
      return new Promise(() => undefined);
    },
  });

  test('holds up nobody whose block has come', async () => {
    const { ordering: orders, commit } = ordering();
    const transaction = hanging('a', () => commit(['a', 0]));
    expect(await orders.commit(transaction, never)).toEqual({ block: 7, transaction: 0, code: 0 });
  });

  test('nor for longer than a submission has: what it may have is undecided', async () => {
    const { ordering: orders } = ordering({ ...TIMING, patience: 200, sendAgainAfter: 100 });
    expect(await codeOf(orders.commit(hanging('a'), never))).toBe('UNDECIDED');
  });

  test('but is heard a little later: what nobody has is certain not to be done', async () => {
    const { ordering: orders } = ordering({ ...TIMING, patience: 50 });
    const late = {
      ...hanging('a'),
      order: async () => {
        await delay(200);
        throw new OrderingFailure('never', new Error('down'));
      },
    };
    expect(await codeOf(orders.commit(late, never))).toBe('UNAVAILABLE');
  });
});

test('what the orderers refuse is refused, unless an earlier sending may have been taken', async () => {
  const { ordering: orders } = ordering({ ...TIMING, patience: 200 });
  const refused = fails('never', new LedgerError('TOO_LARGE'));
  expect(await codeOf(orders.commit(transaction('a', refused), never))).toBe('TOO_LARGE');
  expect(await codeOf(orders.commit(transaction('b', fails('perhaps'), refused), never))).toBe('UNDECIDED');
});

test('while it fails for some, others are not sent, and so are certain not to be done', async () => {
  const { ordering: orders, commit } = ordering();
  let up = false;
  const first = transaction('a', () => (up ? commit(['a', 0]) : fails('perhaps')()));
  const done = orders.commit(first, never);
  while (first.sent < 2) await new Promise((resolve) => setImmediate(resolve));
  const second = transaction('b', () => commit(['b', 0]));
  const waits = orders.commit(second, never);
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(second.sent).toBe(0);
  up = true;
  expect(await codeOf(done)).toBe('OK');
  expect(await codeOf(waits)).toBe('OK');
});

test('one that nobody has taken is sent again as soon as it may be, and holds up nobody after it', async () => {
  const { ordering: orders, commit } = ordering();
  const first = transaction('a', fails('never'), () => commit(['a', 0]));
  const done = orders.commit(first, never);
  while (first.sent < 1) await new Promise((resolve) => setImmediate(resolve));
  const second = transaction('b', () => commit(['b', 0]));
  expect(await codeOf(orders.commit(second, never))).toBe('OK');
  expect(await codeOf(done)).toBe('OK');
});

test('while the network is slow, those that were taken are not all sent again', async () => {
  const sendAgainAfter = 20;
  const { ordering: orders, commit } = ordering({ ...TIMING, sendAgainAfter });
  const all = ['a', 'b', 'c', 'd', 'e'].map((txId) => transaction(txId, taken));
  const begun = performance.now();
  const done = all.map((each) => orders.commit(each, never));
  const again = () => all.reduce((sum, { sent }) => sum + sent - 1, 0);
  while (again() < 1) await new Promise((resolve) => setImmediate(resolve));
  // Timers may be early by a fraction of their time; five at once would be too many all the same.
  expect(again()).toBeLessThanOrEqual(1 + (performance.now() - begun) / sendAgainAfter);
  // The first was sent to find out, and its first sending is what comes: those after it are not lost for that.
  expect(all[0]?.sent).toBeGreaterThan(1);
  commit(['a', 0]);
  await done[0];
  while (again() < 2) await new Promise((resolve) => setImmediate(resolve));
  expect(again()).toBeLessThanOrEqual(1 + (performance.now() - begun) / sendAgainAfter);
  commit(...all.slice(1).map(({ txId }) => [txId, 0] as const));
  expect(await Promise.all(done.map(codeOf))).toEqual(all.map(() => 'OK'));
});

test('closing ends the waiting', async () => {
  const { ordering: orders } = ordering();
  const closing = new AbortController();
  const waits = codeOf(
    orders.commit(
      transaction('a', () => closing.abort()),
      closing.signal,
    ),
  );
  expect(await waits).toBe('UNDECIDED');
  expect(await codeOf(orders.commit(transaction('b', taken), closing.signal))).toBe('UNAVAILABLE');
});

test('nothing is sent before its block could be seen', async () => {
  const height = Promise.withResolvers<number>();
  let asked = 0;
  const watch = new CommitWatch(
    () => (asked++ === 0 ? Promise.reject(new Error('no peer')) : height.promise),
    async function* () {
      yield { number: 3, transactions: [{ txId: 'a', code: 0 }] };
    },
  );
  open = watch;
  const sent = transaction('a', taken);
  const done = new Ordering(watch, TIMING, unknown).commit(sent, never);
  while (asked < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(sent.sent).toBe(0);
  height.resolve(3);
  expect(await done).toEqual({ block: 3, transaction: 0, code: 0 });
});

test('one whose block is not delivered is asked for, and not called undecided while a peer knows of it', async () => {
  const place = { block: 9, transaction: 3, code: 0 };
  let asked = 0;
  const { ordering: orders } = ordering({ ...TIMING, sendAgainAfter: 10 }, async () => {
    asked += 1;
    if (asked < 2) throw new Error('no such transaction');
    return place;
  });
  expect(await orders.commit(transaction('a', taken), never)).toEqual(place);
  const { ordering: atLast } = ordering({ ...TIMING, patience: 100 }, async () => place);
  expect(await atLast.commit(transaction('a', fails('perhaps')), never)).toEqual(place);
});
