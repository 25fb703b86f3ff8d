import { MESSAGE_BYTES, type Orderer, type OrderingOrganisation } from '../definition.ts';
import type { Placement } from '../placement.ts';
import type { Yaml } from '../yaml.ts';
import { operationsTls } from './operations.ts';

/** orderer.yaml. Paths are relative to the node's folder, which is its working directory and FABRIC_CFG_PATH. */
export function ordererConfig(node: Orderer, own: OrderingOrganisation, placement: Placement): Yaml {
  return {
    General: {
      ListenAddress: placement.listen,
      ListenPort: node.port,
      TLS: {
        Enabled: true,
        PrivateKey: 'tls/server.key',
        Certificate: 'tls/server.crt',
        RootCAs: ['tls/ca.crt'],
        ClientAuthRequired: false,
      },
      Keepalive: { ServerMinInterval: '5s', ServerInterval: '7200s', ServerTimeout: '20s' },
      MaxRecvMsgSize: MESSAGE_BYTES,
      MaxSendMsgSize: MESSAGE_BYTES,
      Cluster: {
        SendBufferSize: 100,
        ClientCertificate: 'tls/server.crt',
        ClientPrivateKey: 'tls/server.key',
      },
      // Orderers join a channel by osnadmin; there is no system channel.
      BootstrapMethod: 'none',
      LocalMSPDir: 'msp',
      LocalMSPID: own.mspId,
      BCCSP: { Default: 'SW', SW: { Hash: 'SHA2', Security: 256 } },
      Authentication: { TimeWindow: '15m' },
    },
    FileLedger: { Location: 'data/ledger' },
    Operations: {
      ListenAddress: `${placement.listen}:${node.operationsPort}`,
      TLS: operationsTls('upper'),
    },
    Metrics: { Provider: 'prometheus' },
    Admin: {
      ListenAddress: `${placement.listen}:${node.adminPort}`,
      TLS: {
        Enabled: true,
        Certificate: 'tls/server.crt',
        PrivateKey: 'tls/server.key',
        RootCAs: ['tls/ca.crt'],
        ClientAuthRequired: true,
        ClientRootCAs: ['tls/ca.crt'],
      },
    },
    ChannelParticipation: { Enabled: true, MaxRequestBodySize: '4 MB' },
    Consensus: { WALDir: 'data/etcdraft/wal', SnapDir: 'data/etcdraft/snapshot' },
  };
}
