import type { TestAuthority } from '../client/testing/identities.ts';
import { batches, type Batches } from './batches.ts';
import type { Engines } from './engines.ts';
import { load, type Measured } from './load.ts';
import type { LoadOrder, Order } from './order.ts';
import { observationOf, openRecords, type Records } from './records.ts';

/** What came of an order: of a load, with what the blocks hold that it made. */
export type Answer = Batches | (Measured & { batches: Batches });

const QUESTION = { fn: 'AssetExists', type: 'Organization', id: 'nowhere' } as const;

/** Carries an order out. Identities and records are made for the first order that needs them. */
export class Orders {
  readonly #engines: Engines;
  readonly #authority: TestAuthority;
  readonly #records = new Map<string, Promise<Records>>();

  constructor(engines: Engines, authority: TestAuthority) {
    this.#engines = engines;
    this.#authority = authority;
  }

  async carryOut(order: Order): Promise<Answer> {
    const ledger = await this.#engines.ledger('fabric-gateway');
    if (order.do === 'batches') return batches(ledger, order.from);
    const call = await this.#callOf(order);
    const before = await ledger.height();
    const measured = await load(call, order.calls, order.seconds);
    return { ...measured, batches: await batches(ledger, before) };
  }

  /** What is called again and again, its number given. */
  async #callOf({
    do: what,
    adapter,
    identities,
    patients,
  }: LoadOrder): Promise<(number: number) => Promise<unknown>> {
    const { writers, patients: opened } = await this.#recordsOf(identities, patients);
    switch (what) {
      case 'single':
      case 'coalesced': {
        const ledger = await this.#engines.ledger(adapter, what);
        return (number) => ledger.submit(turn(writers, number), [observationOf(turn(opened, number))]);
      }
      case 'evaluate': {
        const ledger = await this.#engines.ledger(adapter);
        return (number) => ledger.evaluate(turn(writers, number), QUESTION);
      }
      case 'empty': {
        const client = await this.#engines.bareSubmit(adapter);
        const creators = await Promise.all(writers.map((writer) => this.#engines.stored(writer)));
        return (number) => client.submit(turn(creators, number));
      }
    }
  }

  async #recordsOf(writers: number, patients: number): Promise<Records> {
    const name = `${writers} ${patients}`;
    const opened =
      this.#records.get(name) ??
      openRecords(await this.#engines.ledger('fabric-gateway'), this.#authority, { writers, patients });
    this.#records.set(name, opened);
    return opened;
  }
}

function turn<T>(list: readonly T[], number: number): T {
  const item = list[number % list.length];
  if (item === undefined) throw new RangeError('none to take turns');
  return item;
}
