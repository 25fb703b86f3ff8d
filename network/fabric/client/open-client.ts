import type { IdentityStore } from '@fhir-fabric-gateway/chaincode/api';
import { DEFAULT_ADAPTER, type Adapter, type Connection } from './connection.ts';
import type { FabricClient } from './fabric-client.ts';

/** The client of the adapter that is wanted, @hyperledger/fabric-gateway by default. Loads no other's library. */
export async function openClient(
  adapter: Adapter = DEFAULT_ADAPTER,
  connection: Connection,
  identities: IdentityStore,
): Promise<FabricClient> {
  switch (adapter) {
    case 'fabric-gateway': {
      const { GatewayClient } = await import('./fabric-gateway/gateway-client.ts');
      return new GatewayClient(connection);
    }
    case 'fabric-network': {
      await import('../../identities/quiet.ts');
      const { openNetworkClient } = await import('./fabric-network/network-client.ts');
      return openNetworkClient(connection, identities);
    }
  }
}
