import { createPrivateKey, sign, verify, type KeyObject } from 'node:crypto';
import type { StoredIdentity } from '@fhir-fabric-gateway/chaincode/api';
import type { Call } from '../submit/call.ts';
import { encode, toBase64url } from './encoding.ts';
import { sha256 } from './hash.ts';

/** The one channel of this ledger. */
export const CHANNEL = 'ehr';

/** What a client asks to be run; it signs this. Byte strings are base64url. */
export interface Proposal {
  version: 1;
  channel: string;
  mspId: string;
  /** PEM. */
  certificate: string;
  nonce: string;
  /** Milliseconds since 1970: the client's claim. */
  time: number;
  fn: string;
  args: readonly string[];
  /** SHA-256 of the transient map, which holds a random seed and so can't be guessed from it. */
  transient: string;
}

export interface SignedProposal {
  txId: string;
  proposal: Proposal;
  /** ECDSA with SHA-256 over the proposal's bytes, DER, base64url. */
  signature: string;
}

/** SHA-256 over nonce and creator, hexadecimal, as on Fabric: nobody can take another's transaction id. */
export function transactionId(proposal: Pick<Proposal, 'nonce' | 'mspId' | 'certificate'>): string {
  const creator = encode({ mspId: proposal.mspId, certificate: proposal.certificate });
  return Buffer.from(sha256(Buffer.from(proposal.nonce, 'base64url'), creator)).toString('hex');
}

function transientHash(transient: Call['transient']): string {
  const names = [...transient.keys()].sort();
  return toBase64url(
    sha256(encode(names.map((name) => [name, toBase64url(sha256(transient.get(name) ?? NONE))]))),
  );
}

const NONE = new Uint8Array(0);

/** A proposal in the identity's name, signed with its key (`key`: its private key, parsed). */
export function signProposal(
  identity: Pick<StoredIdentity, 'mspId' | 'certificate'>,
  key: KeyObject,
  call: Call,
  { nonce, time }: { nonce: Uint8Array; time: number },
): SignedProposal {
  const proposal: Proposal = {
    version: 1,
    channel: CHANNEL,
    mspId: identity.mspId,
    certificate: identity.certificate,
    nonce: toBase64url(nonce),
    time,
    fn: call.fn,
    args: call.args,
    transient: transientHash(call.transient),
  };
  const signature = sign('sha256', encode({ ...proposal }), key);
  return { txId: transactionId(proposal), proposal, signature: toBase64url(signature) };
}

/** Whether the id is that of the proposal, and the signature that of `publicKey` over it. */
export function verifyProposal(signed: SignedProposal, publicKey: KeyObject): boolean {
  return (
    signed.txId === transactionId(signed.proposal) &&
    verify('sha256', encode({ ...signed.proposal }), publicKey, Buffer.from(signed.signature, 'base64url'))
  );
}

/** A private key as it is stored (PKCS #8, PEM); throws when it is no P-256 key. */
export function parsePrivateKey(pem: string): KeyObject {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new Error('the key is not on the curve P-256');
  return key;
}
