import { Client, credentials, type ClientOptions } from '@grpc/grpc-js';
import type { Endpoint } from '../connection.ts';

/** A peer of the own organisation and the one connection to it, which all identities share. */
export interface Peer {
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

function connect(endpoint: Endpoint): Peer {
  const { name, address, rootCertificates } = endpoint;
  const tls =
    rootCertificates === undefined
      ? credentials.createInsecure()
      : credentials.createSsl(Buffer.from(rootCertificates));
  return { name, client: new Client(address, tls, optionsOf(endpoint)) };
}

/** The peers of the own organisation. One is used until it fails, then the next. */
export class Peers {
  readonly #peers: readonly Peer[];
  #current = 0;

  constructor(endpoints: readonly Endpoint[]) {
    this.#peers = endpoints.map(connect);
  }

  current(): Peer {
    const peer = this.#peers[this.#current];
    if (!peer) throw new RangeError('an organisation has a peer');
    return peer;
  }

  /** Turns to the next peer, unless that was done already. */
  failed(peer: Peer): void {
    if (peer === this.current()) this.#current = (this.#current + 1) % this.#peers.length;
  }

  /** Does `work` with a peer and, while it fails because `isDown` says so, with the next, each once. */
  async attempt<T>(work: (peer: Peer) => Promise<T>, isDown: (error: unknown) => boolean): Promise<T> {
    for (let left = this.#peers.length; ; left -= 1) {
      const peer = this.current();
      try {
        return await work(peer);
      } catch (error) {
        if (!isDown(error)) throw error;
        this.failed(peer);
        if (left <= 1) throw error;
      }
    }
  }

  close(): void {
    for (const { client } of this.#peers) client.close();
  }
}
