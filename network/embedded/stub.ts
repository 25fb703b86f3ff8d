import type { ChaincodeStub } from 'fabric-shim';
import { UnsupportedError } from './errors.ts';
import type { PeerHandler, Shim } from './shim.ts';

/** What a contract is invoked with. */
export interface Invocation {
  channel: string;
  txId: string;
  mspId: string;
  /** PEM. */
  certificate: Uint8Array;
  fn: string;
  args: readonly string[];
  transient: ReadonlyMap<string, Uint8Array>;
  /** Milliseconds since 1970: the client's claim. */
  time: number;
}

function unsupported(what: string): () => never {
  return () => {
    throw new UnsupportedError(what);
  };
}

/** fabric-shim's own stub, answered by `handler` instead of a peer; what needs the proposal itself is unsupported. */
export function createStub(shim: Shim, invocation: Invocation, handler: PeerHandler): ChaincodeStub {
  const args = [invocation.fn, ...invocation.args].map((arg) => Buffer.from(arg, 'utf8'));
  const input = { getArgsList_asU8: () => args };
  const { time } = invocation;
  return Object.assign(new shim.Stub(handler, invocation.channel, invocation.txId, input, null), {
    creator: { mspid: invocation.mspId, idBytes: invocation.certificate },
    transientMap: new Map([...invocation.transient].map(([name, bytes]) => [name, Buffer.from(bytes)])),
    txTimestamp: {
      getSeconds: () => Math.floor(time / 1000),
      getNanos: () => (time % 1000) * 1_000_000,
      toDate: () => new Date(time),
    },
    setEvent: unsupported('setEvent: an event would name what a block must not'),
    getSignedProposal: unsupported('getSignedProposal'),
    getBinding: unsupported('getBinding'),
  });
}
