import { hash } from 'node:crypto';
import { parseAnchorKey, type IdentityStore } from '@fhir-fabric-gateway/chaincode/api';
import type { FabricConfig } from '../../config.ts';
import { decodeBlock, type Scope } from './block/decode-block.ts';
import { dataHashOf, headerHash } from './block/hashes.ts';
import type { RawBlock } from './block/raw-block.ts';
import { decodeTransaction, decodeWrites } from './block/transaction.ts';
import { chainHeight } from './chain-queries.ts';
import { following } from './following.ts';
import { seated } from './seat.ts';

/** What was found of a channel's chain; without `problem` all of it holds. */
export interface FabricReport {
  /** Blocks that hold, from the first. */
  blocks: number;
  /** Transactions of the contract in them. */
  transactions: number;
  /** The last block that holds, and its hash (SHA-256 of the header), hexadecimal. */
  head: { number: number; hash: string } | undefined;
  /** The anchors of audit logs: MSP → number → root, hexadecimal. */
  anchors: ReadonlyMap<string, ReadonlyMap<number, string>>;
  problem?: { block: number; what: string };
}

/**
 * Walks the chain as the own peer delivers it: each block contains the hash of the one before and of its own envelopes,
 * and each private value that is there is the one whose hash its transaction wrote. Signatures were checked by the peer
 * when it took the block. Rejects with a LedgerError when the peer can't be asked.
 */
export async function verifyFabricLedger(
  config: FabricConfig,
  deps: { identities: IdentityStore },
): Promise<FabricReport> {
  return seated(config, deps.identities, async ({ client, reader, channel, scope }) => {
    const height = await chainHeight(client, reader, channel);
    const anchors = new Map<string, Map<number, string>>();
    const stop = new AbortController();
    const report = { blocks: 0, transactions: 0, head: undefined as FabricReport['head'], anchors };
    if (height === 0) return report;
    let previous: Buffer | undefined;
    for await (const raw of following((from, on) => client.blocks(reader, from, on), 0, stop.signal)) {
      const what = problemOf(raw, previous, scope);
      if (what !== undefined) return { ...report, problem: { block: raw.number, what } };
      previous = headerHash(raw);
      report.blocks += 1;
      report.transactions += decodeBlock(raw, scope).transactions.length;
      report.head = { number: raw.number, hash: previous.toString('hex') };
      gatherAnchors(raw, scope, anchors);
      if (raw.number >= height - 1) stop.abort();
    }
    return report;
  });
}

function problemOf(raw: RawBlock, previous: Buffer | undefined, scope: Scope): string | undefined {
  if (previous && !previous.equals(raw.previousHash)) return 'it does not follow the block before';
  if (!dataHashOf(raw).equals(raw.dataHash)) return 'its transactions are not those of its header';
  for (const transaction of decodeBlock(raw, scope).transactions) {
    const { results } = decodeTransaction(raw.envelopes[transaction.index] ?? new Uint8Array(0)) ?? {};
    const written = results && decodeWrites(results, scope.chaincode).hashed.get(scope.collection);
    const hashes = new Map(written?.map(({ keyHash, valueHash }) => [keyHash, valueHash]));
    for (const { keyHash, value } of transaction.writes) {
      if (value && !hash('sha256', value, 'buffer').equals(hashes.get(keyHash) ?? new Uint8Array(0)))
        return `a private value of transaction ${transaction.txId} is not the one that was written`;
    }
  }
  return undefined;
}

function gatherAnchors(raw: RawBlock, scope: Scope, anchors: Map<string, Map<number, string>>): void {
  raw.envelopes.forEach((envelope, index) => {
    const transaction = raw.codes[index] === 0 ? decodeTransaction(envelope) : undefined;
    if (!transaction) return;
    for (const { key, value } of decodeWrites(transaction.results, scope.chaincode).public) {
      const anchor = value && parseAnchorKey(key);
      if (!anchor) continue;
      const roots = anchors.get(anchor.mspId) ?? new Map<number, string>();
      anchors.set(anchor.mspId, roots.set(anchor.number, Buffer.from(value).toString('utf8')));
    }
  });
}
