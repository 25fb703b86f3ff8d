import { ADAPTERS, type Adapter } from '../client/connection.ts';

/**
 * `single`: each create of an Observation is a transaction of its own. `coalesced`: as the ledger's callers share
 * transactions. `empty`: transactions that write nothing. `evaluate`: questions to a peer.
 */
const LOADS = ['single', 'coalesced', 'empty', 'evaluate'] as const;

export interface LoadOrder {
  do: (typeof LOADS)[number];
  adapter: Adapter;
  /** Calls that are under way at a time. */
  calls: number;
  seconds: number;
  /** Identities that take turns. */
  identities: number;
  /** Records that writes spread over. */
  patients: number;
}

/** What to do; `batches`: to read what the blocks from a number on hold. */
export type Order = LoadOrder | { do: 'batches'; from: number };

/** An order in JSON. Throws a TypeError when it is none. */
export function readOrder(text: string): Order {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new TypeError('an order is an object');
  const given = new Map(Object.entries(value));
  const number = (name: string, otherwise?: number): number => {
    const found: unknown = given.get(name) ?? otherwise;
    if (typeof found !== 'number' || found < 0) throw new TypeError(`${name} is no number`);
    return found;
  };
  const oneOf = <T extends string>(name: string, values: readonly T[]): T => {
    const found = values.find((each) => each === given.get(name));
    if (found === undefined) throw new TypeError(`${name} is none of ${values.join(', ')}`);
    return found;
  };
  if (given.get('do') === 'batches') return { do: 'batches', from: number('from') };
  return {
    do: oneOf('do', LOADS),
    adapter: oneOf('adapter', ADAPTERS),
    calls: number('calls'),
    seconds: number('seconds'),
    identities: number('identities', 1),
    patients: number('patients', 100),
  };
}
