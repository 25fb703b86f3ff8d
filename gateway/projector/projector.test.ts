import { LedgerError, type LedgerBlock } from '@fhir-fabric-gateway/chaincode/api';
import type { HeldLease, ProjectionLease } from '../index-store/port.ts';
import { TestStore } from '../index-store/testing/store.ts';
import { Progress } from './progress.ts';
import { Projector } from './projector.ts';
import { block, entry, observation, put, record } from './testing/blocks.ts';

/** A ledger of given blocks that may fail, and more may be added to. */
class Chain {
  readonly #blocks: LedgerBlock[] = [];
  #wake: () => void = () => undefined;
  failing = false;

  add(...writes: Parameters<typeof block>[1]): number {
    const number = this.#blocks.length;
    this.#blocks.push(block(number, writes));
    this.#wake();
    return number;
  }

  async *blocks(from: number, signal: AbortSignal): AsyncGenerator<LedgerBlock, void, undefined> {
    for (let number = from; !signal.aborted; number += 1) {
      while (this.#blocks[number] === undefined && !signal.aborted && !this.failing) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
      if (this.failing) throw new LedgerError('UNAVAILABLE');
      const next = this.#blocks[number];
      if (next && !signal.aborted) yield next;
    }
  }

  fail(failing: boolean): void {
    this.failing = failing;
    this.#wake();
  }

  block = (number: number): Promise<LedgerBlock> => {
    const found = this.#blocks[number];
    return found ? Promise.resolve(found) : Promise.reject(new LedgerError('NOT_FOUND'));
  };

  height = (): Promise<number> =>
    this.failing ? Promise.reject(new LedgerError('UNAVAILABLE')) : Promise.resolve(this.#blocks.length);
}

/** A right to project that one has at a time, and that can be taken away. */
class Lease implements ProjectionLease {
  #free: Promise<void> = Promise.resolve();
  #holder: AbortController | undefined;

  async acquire(signal?: AbortSignal): Promise<HeldLease> {
    const before = this.#free;
    let release: () => void = () => undefined;
    this.#free = new Promise((resolve) => (release = resolve));
    await before;
    signal?.throwIfAborted();
    const lost = new AbortController();
    this.#holder = lost;
    return { lost: lost.signal, release: async () => release() };
  }

  takeAway(): void {
    this.#holder?.abort(new Error('lost'));
  }

  async close(): Promise<void> {}
}

let store: TestStore;
let chain: Chain;
let lease: Lease;
let alarms: string[];
let running: Projector[];

beforeEach(async () => {
  store = await TestStore.open();
  chain = new Chain();
  lease = new Lease();
  alarms = [];
  running = [];
});
afterEach(async () => {
  for (const projector of running) await projector.stop();
  await store.close();
});

function start(): { projector: Projector; progress: Progress } {
  const progress = new Progress();
  const projector = new Projector({
    ...{ ledger: chain, writer: store.writer, reader: store.reader, lease, progress, waits: [5, 20] },
    purge: () => Promise.reject(new Error('nothing is erased here')),
    options: {
      index: store.reader,
      fhirBase: 'http://here/fhir/R4',
      policyUris: [],
      labeller: () => [],
      alarm: (what) => alarms.push(what),
    },
  });
  projector.start();
  running.push(projector);
  return { projector, progress };
}

const observed = (id: string) => put(entry(observation(), { id }));

test('it follows the ledger, from where the index stopped', async () => {
  chain.add(put(record()));
  const first = start();
  expect(await first.progress.came(chain.add(observed('a')))).toBe(true);
  await first.projector.stop();
  const last = chain.add(observed('b'));
  expect(await start().progress.came(last)).toBe(true);
  for (const id of ['a', 'b']) expect(await store.reader.get('Observation', id)).toMatchObject({ id });
  expect(alarms).toEqual([]);
});

test('while the ledger can’t be reached it is in trouble, without an alarm, and goes on when it can', async () => {
  chain.add(put(record()));
  const { projector, progress } = start();
  await progress.came(0);
  chain.fail(true);
  while (projector.trouble === undefined) await new Promise(setImmediate);
  chain.fail(false);
  expect(await progress.came(chain.add(observed('a')))).toBe(true);
  expect(projector.trouble).toBeUndefined();
  expect(alarms).toEqual([]);
});

/** Lets looks at the ledger fail with these, again and again, so many times. */
async function failingWith(errors: readonly Error[], times: number): Promise<void> {
  let looks = 0;
  const { height } = chain;
  await new Promise<void>((resolve) => {
    chain.height = () => {
      if (looks === times) resolve();
      const error = errors[looks % errors.length];
      looks += 1;
      return Promise.reject(error ?? new Error('none given'));
    };
    start();
  });
  chain.height = height;
}

test('what is wrong besides that the ledger can’t be reached is said, once for each cause', async () => {
  const unavailable = new LedgerError('UNAVAILABLE');
  await failingWith([unavailable, new LedgerError('BAD_IDENTITY'), new TypeError('of Lovelace')], 20);
  expect(alarms).toEqual([
    'the projector stopped: LedgerError BAD_IDENTITY',
    'the projector stopped: TypeError',
  ]);
});

test('a block that can’t be applied is tried again, with one alarm, and what came after it waits', async () => {
  let broken = true;
  const { writer } = store;
  const apply = writer.block.bind(writer);
  writer.block = (number, work) =>
    broken && number === 1 ? Promise.reject(new Error('Patient Lovelace')) : apply(number, work);
  chain.add(put(record()));
  chain.add(observed('a'));
  const last = chain.add(observed('b'));
  const { projector, progress } = start();
  while (projector.trouble === undefined) await new Promise(setImmediate);
  expect(await store.reader.position()).toBe(0);
  broken = false;
  expect(await progress.came(last)).toBe(true);
  expect(alarms).toEqual(['the projector stopped: Error']);
});

test('of two that share an index one projects, and the other takes over when it loses the right', async () => {
  chain.add(put(record()));
  const [one, other] = [start(), start()];
  expect(await one.progress.came(chain.add(observed('a')))).toBe(true);
  expect(await other.progress.came(1, 50)).toBe(false);
  lease.takeAway();
  expect(await other.progress.came(chain.add(observed('b')))).toBe(true);
  for (const id of ['a', 'b']) expect(await store.reader.get('Observation', id)).toMatchObject({ id });
  expect(alarms).toEqual([]);
});
