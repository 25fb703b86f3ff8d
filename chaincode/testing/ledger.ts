import { createHash, randomBytes } from 'node:crypto';
import type { ChaincodeStub } from 'fabric-shim-api';
import { encodeCommands } from '../api/index.ts';
import type { Command, Query } from '../api/index.ts';
import { createChaincode } from '../index.ts';

export interface TestIdentity {
  mspId: string;
  /** PEM. */
  certificate: string;
}

export interface Answer {
  status: number;
  message: string;
  payload: string;
  reads: string[];
  /** Collection keys, and what became of them. */
  puts: Map<string, Uint8Array>;
  deletes: string[];
  purges: string[];
}

/** Committed state in memory under fabric-shim's dispatcher. As on Fabric, a read never sees a write of its own. */
export class TestLedger {
  readonly privateData = new Map<string, Uint8Array>();
  readonly publicState = new Map<string, Uint8Array>();
  readonly #chaincode = createChaincode();
  /** Milliseconds since 1970. */
  now = Date.parse('2026-06-01T12:00:00Z');
  /** Makes the next reads of private data fail like a peer's. */
  readError: Error | undefined;
  #transactions = 0;

  /** Invokes a function; commits when it was endorsed. */
  async invoke(
    identity: TestIdentity,
    args: readonly string[],
    transient: Readonly<Record<string, Uint8Array>>,
    commit = true,
  ): Promise<Answer> {
    const puts = new Map<string, Uint8Array>();
    const publicPuts = new Map<string, Uint8Array>();
    const deletes: string[] = [];
    const purges: string[] = [];
    const reads: string[] = [];
    const txId = createHash('sha256').update(String(++this.#transactions)).digest('hex');
    const stub = {
      getArgs: () => [...args],
      getBufferArgs: () => args.map((arg) => Buffer.from(arg)),
      getFunctionAndParameters: () => ({ fcn: args[0] ?? '', params: args.slice(1) }),
      getTransient: () => new Map(Object.entries(transient)),
      getCreator: () => ({ mspid: identity.mspId, idBytes: Buffer.from(identity.certificate) }),
      getTxID: () => txId,
      getChannelID: () => 'ehr',
      getTxTimestamp: () => ({ seconds: Math.floor(this.now / 1000), nanos: (this.now % 1000) * 1_000_000 }),
      getState: (key: string) => Promise.resolve(this.publicState.get(key) ?? new Uint8Array(0)),
      putState: (key: string, value: Uint8Array) => Promise.resolve(void publicPuts.set(key, value)),
      getPrivateData: (_collection: string, key: string) => {
        if (this.readError) return Promise.reject(this.readError);
        reads.push(key);
        return Promise.resolve(this.privateData.get(key) ?? new Uint8Array(0));
      },
      putPrivateData: (_collection: string, key: string, value: Uint8Array) =>
        Promise.resolve(void puts.set(key, value)),
      deletePrivateData: (_collection: string, key: string) => Promise.resolve(void deletes.push(key)),
      purgePrivateData: (_collection: string, key: string) => Promise.resolve(void purges.push(key)),
    };
    const response = await this.#chaincode.Invoke(stub as unknown as ChaincodeStub);
    if (response.status === 200 && commit) {
      for (const [key, value] of puts) this.privateData.set(key, value);
      for (const key of [...deletes, ...purges]) this.privateData.delete(key);
      for (const [key, value] of publicPuts) this.publicState.set(key, value);
    }
    const payload = Buffer.from(response.payload ?? []).toString();
    return {
      status: response.status,
      message: response.message ?? '',
      payload,
      reads,
      puts,
      deletes,
      purges,
    };
  }

  /** One atomic or independent Commit. */
  commit(
    identity: TestIdentity,
    commands: readonly Command[],
    mode = 'atomic',
    commit = true,
  ): Promise<Answer> {
    return this.invoke(
      identity,
      ['Commit', mode],
      { ...encodeCommands(commands), seed: randomBytes(32) },
      commit,
    );
  }

  /** Submits commands as one atomic transaction; answers `OK`, or `CODE@index`. */
  async submit(identity: TestIdentity, ...commands: Command[]): Promise<string> {
    const answer = await this.commit(identity, commands);
    return answer.status === 200 ? 'OK' : answer.message;
  }

  /** Evaluates a query; answers its JSON, or `CODE@0`. */
  async query(identity: TestIdentity, query: Query): Promise<unknown> {
    const transient = { query: Buffer.from(JSON.stringify(query)) };
    const answer = await this.invoke(identity, [query.fn], transient, false);
    return answer.status === 200 ? (JSON.parse(answer.payload) as unknown) : answer.message;
  }
}
