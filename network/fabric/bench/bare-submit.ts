import type { IdentityStore, StoredIdentity } from '@fhir-fabric-gateway/chaincode/api';
import { queryCall } from '../../submit/call.ts';
import { chainHeight } from '../client/chain-queries.ts';
import { CommitWatch } from '../client/commit-watch.ts';
import { readConnection, type Adapter } from '../client/connection.ts';
import { following } from '../client/following.ts';
import { openClient } from '../client/open-client.ts';
import { Ordering } from '../client/ordering.ts';
import { DEFAULT_TIMING } from '../client/timing.ts';

export interface BareSubmit {
  /** Has a transaction that writes nothing endorsed, ordered and committed; rejects when it is not. */
  submit(identity: StoredIdentity): Promise<void>;
  close(): Promise<void>;
}

const VALID = 0;

/** What Fabric itself takes for a transaction: the contract is asked whether an entry is there, and nothing is written. */
export async function openBareSubmit(
  file: string,
  adapter: Adapter,
  reader: StoredIdentity,
  identities: IdentityStore,
): Promise<BareSubmit> {
  const connection = readConnection(file);
  const client = await openClient(adapter, connection, identities);
  const watch = new CommitWatch(
    () => chainHeight(client, reader, connection.channel),
    (from, signal) => following((next, on) => client.statuses(reader, next, on), from, signal),
  );
  const ordering = new Ordering(watch, DEFAULT_TIMING);
  const closing = new AbortController();
  const question = queryCall({ fn: 'AssetExists', type: 'Organization', id: 'nowhere' });
  return {
    async submit(identity) {
      const transaction = await client.endorse(identity, question);
      const { code } = await ordering.commit(transaction, closing.signal);
      if (code !== VALID) throw new Error(`invalid: ${code}`);
    },
    async close() {
      closing.abort();
      await watch.close();
      client.close();
    },
  };
}
