import { LedgerError, type IdentityStore, type StoredIdentity } from '@fhir-fabric-gateway/chaincode/api';
import type { FabricConfig } from '../../config.ts';
import { COLLECTION, type Scope } from './block/decode-block.ts';
import { readConnection } from './connection.ts';
import type { FabricClient } from './fabric-client.ts';
import { openClient } from './open-client.ts';

/** Who looks at the channel, and with what. */
export interface Seat {
  client: FabricClient;
  reader: StoredIdentity;
  channel: string;
  scope: Scope;
}

/** Does `work` as the reader of the configuration, with a client that is closed afterwards. */
export async function seated<T>(
  config: FabricConfig,
  identities: IdentityStore,
  work: (seat: Seat) => Promise<T>,
): Promise<T> {
  const connection = readConnection(config.connection);
  const reader = await identities.get(config.reader);
  if (!reader) throw new LedgerError('BAD_IDENTITY');
  const client = await openClient(config.adapter ?? connection.adapter, connection, identities);
  const { channel, chaincode } = connection;
  try {
    return await work({ client, reader, channel, scope: { chaincode, collection: COLLECTION } });
  } finally {
    client.close();
  }
}
