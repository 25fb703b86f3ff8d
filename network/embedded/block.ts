import { sign, verify, type KeyObject } from 'node:crypto';
import type { OrganisationConfig } from '../config.ts';
import { decode, encode, toBase64url, type Encodable } from './encoding.ts';
import { sha256 } from './hash.ts';
import type { SignedProposal } from './proposal.ts';
import type { HashedReadWriteSet } from './read-write-set.ts';

/** Fabric's names. Only the writes of a VALID transaction count. */
export type ValidationCode = 'VALID' | 'MVCC_READ_CONFLICT' | 'DUPLICATE_TXID';

/** A transaction as a block has it. */
export interface BlockTransaction extends SignedProposal {
  /** The chaincode's response, base64url. */
  response: string;
  /** Of an invalid transaction too: it shows why. */
  set: HashedReadWriteSet;
  code: ValidationCode;
}

/** Who is a member, and whose signature makes a block. */
export interface ChannelConfig {
  organisations: readonly OrganisationConfig[];
  /** The public key of the signer of blocks, SPKI, PEM. */
  signer: string;
}

export interface BlockData {
  /** In a configuration block, which has no transactions: block 0, and each later change. */
  config?: ChannelConfig;
  transactions: readonly BlockTransaction[];
}

/** Byte strings are base64url. */
export interface BlockHeader {
  number: number;
  /** Hash of the header before; empty for block 0. */
  previousHash: string;
  /** SHA-256 of the block's data. */
  dataHash: string;
  /** Number of the configuration block in force. */
  config: number;
}

/** A block as it is stored. */
export interface SealedBlock {
  header: BlockHeader;
  data: Uint8Array;
  /** ECDSA with SHA-256 over the header's bytes, DER. */
  signature: Uint8Array;
}

export function headerHash(header: BlockHeader): string {
  return toBase64url(sha256(encode({ ...header })));
}

/** Makes the block that follows. */
export function sealBlock(
  data: BlockData,
  at: Pick<BlockHeader, 'number' | 'previousHash' | 'config'>,
  key: KeyObject,
): SealedBlock {
  // The interfaces of a block's data hold nothing but what `Encodable` has; an interface can't say so.
  const bytes = encode(data as unknown as Encodable);
  const header: BlockHeader = {
    number: at.number,
    previousHash: at.previousHash,
    config: at.config,
    dataHash: toBase64url(sha256(bytes)),
  };
  return { header, data: bytes, signature: sign('sha256', encode({ ...header }), key) };
}

/** A block's data; throws a SyntaxError when the bytes are not what was stored. */
export function openData(data: Uint8Array): BlockData {
  return decode(data) as BlockData;
}

export function verifyHeader(header: BlockHeader, signature: Uint8Array, signer: KeyObject): boolean {
  return verify('sha256', encode({ ...header }), signer, signature);
}
