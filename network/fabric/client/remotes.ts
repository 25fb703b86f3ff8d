import { Client, credentials, type ClientOptions } from '@grpc/grpc-js';
import type { Endpoint } from './connection.ts';

/** A peer or an orderer, and the one connection to it, which all identities share. */
export interface Remote {
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

function connect(endpoint: Endpoint): Remote {
  const { name, address, rootCertificates } = endpoint;
  const tls =
    rootCertificates === undefined
      ? credentials.createInsecure()
      : credentials.createSsl(Buffer.from(rootCertificates));
  return { name, client: new Client(address, tls, optionsOf(endpoint)) };
}

/** Peers, or orderers, that can do the same. One is used until it fails, then the next. */
export class Remotes {
  readonly #remotes: readonly Remote[];
  /** Aborted when it fails. */
  readonly #good = new Map<Remote, AbortController>();
  #current = 0;

  constructor(endpoints: readonly Endpoint[]) {
    this.#remotes = endpoints.map(connect);
  }

  current(): Remote {
    const remote = this.#remotes[this.#current];
    if (!remote) throw new RangeError('there is one at least');
    return remote;
  }

  /** Aborts when it fails at anything: one that hangs keeps its streams open, and sends nothing. */
  whileGood(remote: Remote): AbortSignal {
    const good = this.#good.get(remote) ?? new AbortController();
    this.#good.set(remote, good);
    return good.signal;
  }

  /** Turns to the next, unless that was done already. */
  failed(remote: Remote): void {
    this.#good.get(remote)?.abort();
    this.#good.delete(remote);
    if (remote === this.current()) this.#current = (this.#current + 1) % this.#remotes.length;
  }

  /** Does `work` with one and, while it fails because `isDown` says so, with the next, each once. */
  async attempt<T>(work: (remote: Remote) => Promise<T>, isDown: (error: unknown) => boolean): Promise<T> {
    for (let left = this.#remotes.length; ; left -= 1) {
      const remote = this.current();
      try {
        return await work(remote);
      } catch (error) {
        if (!isDown(error)) throw error;
        this.failed(remote);
        if (left <= 1) throw error;
      }
    }
  }

  close(): void {
    for (const { client } of this.#remotes) client.close();
  }
}
