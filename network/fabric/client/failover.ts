import { Client, credentials, type ClientOptions } from '@grpc/grpc-js';
import type { Endpoint } from './connection.ts';

/** A peer or an orderer, and the one connection to it, which all identities share. */
export interface Connected {
  name: string;
  client: Client;
}

/** No limit of ours: a block with its private data, or a transaction, may take tens of megabytes. */
const UNLIMITED = -1;
const OPTIONS: ClientOptions = {
  'grpc.max_receive_message_length': UNLIMITED,
  'grpc.max_send_message_length': UNLIMITED,
  // Fabric's peers close connections that are pinged more often than once a minute, unless they are told otherwise.
  'grpc.keepalive_time_ms': 80_000,
  'grpc.keepalive_timeout_ms': 20_000,
  'grpc.keepalive_permit_without_calls': 1,
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 2000,
};

function optionsOf({ options }: Endpoint): ClientOptions {
  const name = options['ssl-target-name-override'] ?? options['grpc.ssl_target_name_override'];
  const given = Object.entries(options).filter(([option]) => option.startsWith('grpc.'));
  return {
    ...OPTIONS,
    ...Object.fromEntries(given),
    ...(name !== undefined && {
      'grpc.ssl_target_name_override': String(name),
      'grpc.default_authority': String(name),
    }),
  };
}

function connect(endpoint: Endpoint): Connected {
  const { name, address, rootCertificates } = endpoint;
  const tls =
    rootCertificates === undefined
      ? credentials.createInsecure()
      : credentials.createSsl(Buffer.from(rootCertificates));
  return { name, client: new Client(address, tls, optionsOf(endpoint)) };
}

/** Peers, or orderers, that can do the same. One is used until it fails, then the next. */
export class Failover {
  readonly #all: readonly Connected[];
  /** Aborted when it fails. */
  readonly #good = new Map<Connected, AbortController>();
  #current = 0;

  constructor(endpoints: readonly Endpoint[]) {
    this.#all = endpoints.map(connect);
  }

  current(): Connected {
    const one = this.#all[this.#current];
    if (!one) throw new RangeError('there is one at least');
    return one;
  }

  /** Aborts when it has failed: one that hangs keeps its streams open, and sends nothing. */
  whileGood(one: Connected): AbortSignal {
    const good = this.#good.get(one) ?? new AbortController();
    this.#good.set(one, good);
    return good.signal;
  }

  /** Turns to the next, unless that was done already. */
  next(one: Connected): void {
    if (one === this.current()) this.#current = (this.#current + 1) % this.#all.length;
  }

  /** It does not answer for itself: whatever is open on it is over, and the next is used. */
  failed(one: Connected): void {
    this.#good.get(one)?.abort();
    this.#good.delete(one);
    this.next(one);
  }

  /** Does `work` with one and, while it fails because `isDown` says so, with the next, each once. */
  async attempt<T>(work: (one: Connected) => Promise<T>, isDown: (error: unknown) => boolean): Promise<T> {
    for (let left = this.#all.length; ; left -= 1) {
      const one = this.current();
      try {
        return await work(one);
      } catch (error) {
        if (!isDown(error)) throw error;
        this.next(one);
        if (left <= 1) throw error;
      }
    }
  }

  close(): void {
    for (const { client } of this.#all) client.close();
  }
}
