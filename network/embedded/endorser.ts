import type { KeyObject } from 'node:crypto';
import type { StoredIdentity } from '@fhir-fabric-gateway/chaincode/api';
import type { TestingConfig } from '../config.ts';
import type { Call } from '../submit/call.ts';
import { decodeChaincodeError, ledgerError, TransientFailure } from '../submit/errors.ts';
import type { BlockStore } from './block-store.ts';
import { encode, type Encodable } from './encoding.ts';
import type { Limits } from './limits.ts';
import type { Membership } from './membership.ts';
import {
  CHANNEL,
  parsePrivateKey,
  signProposal,
  verifyProposal,
  type Proposal,
  type SignedProposal,
} from './proposal.ts';
import { hashReadWriteSet, type HashedResult, type ReadWriteSet } from './read-write-set.ts';
import type { Chaincode, Shim } from './shim.ts';
import { Simulation, type CommittedState } from './simulation.ts';
import { createStub } from './stub.ts';

/** A proposal, run against committed state and ready to be ordered. */
export interface Endorsement {
  signed: SignedProposal;
  response: Uint8Array;
  set: ReadWriteSet;
  result: HashedResult;
}

export interface EndorserDeps {
  shim: Shim;
  chaincode: Chaincode;
  membership: Membership;
  blocks: BlockStore;
  state: CommittedState;
  limits: Limits;
  testing: TestingConfig;
  clock: () => number;
  random: (bytes: number) => Uint8Array;
}

const NONCE_BYTES = 24;
const KEYS_REMEMBERED = 1000;

/** Signs proposals as clients do, and checks and runs them as an endorsing peer does. */
export class Endorser {
  readonly #deps: EndorserDeps;
  readonly #keys = new Map<string, KeyObject>();

  constructor(deps: EndorserDeps) {
    this.#deps = deps;
  }

  /**
   * Runs a call that is to be committed. Throws a LedgerError: what the chaincode said, BAD_IDENTITY, INTERNAL; or a
   * TransientFailure.
   */
  async endorse(identity: StoredIdentity, call: Call): Promise<Endorsement> {
    const { clock, random, blocks, testing } = this.#deps;
    const key = this.#key(identity);
    const signed = signProposal(identity, key, call, { nonce: random(NONCE_BYTES), time: clock() });
    const publicKey = this.#publicKey(identity);
    if (!verifyProposal(signed, publicKey)) {
      throw ledgerError('BAD_IDENTITY', new Error('the private key is not that of the certificate'));
    }
    if (blocks.find(signed.txId)) throw new TransientFailure('CONFLICT', 'duplicate transaction id');

    const endorsement = await this.#run(signed, call);
    if (testing.checkDeterminism) {
      const again = await this.#run(signed, call);
      if (!sameResult(endorsement, again)) {
        throw ledgerError(
          'INTERNAL',
          new Error(`${call.fn} is not deterministic: run twice, its results differ`),
        );
      }
    }
    if (testing.faults?.mismatch?.()) {
      throw new TransientFailure('CONFLICT', 'ProposalResponsePayloads do not match');
    }
    return endorsement;
  }

  /** Runs a call for its response only. Throws as `endorse` does. */
  async evaluate(identity: StoredIdentity, call: Call): Promise<Uint8Array> {
    this.#publicKey(identity);
    const txId = Buffer.from(this.#deps.random(32)).toString('hex');
    const proposal = { mspId: identity.mspId, certificate: identity.certificate, time: this.#deps.clock() };
    return (await this.#invoke(txId, proposal, call)).response;
  }

  async #run(signed: SignedProposal, call: Call): Promise<Endorsement> {
    const { response, set } = await this.#invoke(signed.txId, signed.proposal, call);
    return { signed, response, set, result: hashReadWriteSet(set) };
  }

  async #invoke(
    txId: string,
    { mspId, certificate, time }: Pick<Proposal, 'mspId' | 'certificate' | 'time'>,
    call: Call,
  ): Promise<{ response: Uint8Array; set: ReadWriteSet }> {
    const { shim, chaincode, state, limits, testing } = this.#deps;
    let transient = 0;
    for (const bytes of call.transient.values()) transient += bytes.length;
    if (transient > limits.transactionBytes)
      throw ledgerError('TOO_LARGE', new Error(`${transient} transient bytes`));

    const simulation = new Simulation(state, limits.transactionBytes, testing.faults?.missing);
    const invocation = {
      channel: CHANNEL,
      txId,
      mspId,
      certificate: Buffer.from(certificate),
      time,
      ...call,
    };
    const response = await chaincode.Invoke(createStub(shim, invocation, simulation));
    const failure = simulation.failure();
    if (failure) throw failure;
    if (response.status >= 400) throw decodeChaincodeError(response.message ?? '');
    return { response: response.payload ?? Buffer.alloc(0), set: simulation.result() };
  }

  #publicKey({ mspId, certificate }: StoredIdentity): KeyObject {
    try {
      return this.#deps.membership.publicKey(mspId, certificate, this.#deps.clock());
    } catch (cause) {
      throw ledgerError('BAD_IDENTITY', cause);
    }
  }

  #key({ privateKey }: StoredIdentity): KeyObject {
    const known = this.#keys.get(privateKey);
    if (known) return known;
    try {
      const key = parsePrivateKey(privateKey);
      if (this.#keys.size >= KEYS_REMEMBERED) this.#keys.clear();
      this.#keys.set(privateKey, key);
      return key;
    } catch (cause) {
      throw ledgerError('BAD_IDENTITY', cause);
    }
  }
}

function sameResult(a: Endorsement, b: Endorsement): boolean {
  const bytes = ({ response, result }: Endorsement) =>
    Buffer.concat([response, encode(result.hashed as unknown as Encodable)]);
  return bytes(a).equals(bytes(b));
}
