import { MESSAGE_BYTES, type Node, type Organisation } from '../definition.ts';
import { addressOf, type Placement } from '../placement.ts';
import type { Yaml } from '../yaml.ts';
import { operationsTls } from './operations.ts';

/**
 * core.yaml of a peer. Paths are relative to its folder, which is its working directory and FABRIC_CFG_PATH. What is not
 * said is Fabric's own default; the reasons for what is said stand beside it.
 */
export function peerConfig(node: Node, own: Organisation, placement: Placement): Yaml {
  const address = addressOf(placement, node);
  const neighbour = own.peers.find(({ name }) => name !== node.name) ?? node;
  return {
    peer: {
      id: node.name,
      networkId: 'fhir-fabric-gateway',
      listenAddress: `${placement.listen}:${node.port}`,
      address,
      // Chaincode as a service never calls back, yet the peer listens: on a port that nobody needs to know.
      chaincodeListenAddress: `${placement.listen}:0`,
      chaincodeAddress: `${placement.host(node.name)}:0`,
      localMspId: own.mspId,
      mspConfigPath: 'msp',
      fileSystemPath: 'data',
      maxRecvMsgSize: MESSAGE_BYTES,
      maxSendMsgSize: MESSAGE_BYTES,
      BCCSP: { Default: 'SW', SW: { Hash: 'SHA2', Security: 256 } },
      tls: {
        enabled: true,
        clientAuthRequired: false,
        cert: { file: 'tls/server.crt' },
        key: { file: 'tls/server.key' },
        rootcert: { file: 'tls/ca.crt' },
      },
      authentication: { timewindow: '15m' },
      client: { connTimeout: '3s' },
      gateway: { enabled: true, endorsementTimeout: '30s', broadcastTimeout: '30s', dialTimeout: '2m' },
      discovery: {
        enabled: true,
        authCacheEnabled: true,
        authCacheMaxSize: 1000,
        authCachePurgeRetentionRatio: 0.75,
        orgMembersAllowedAccess: false,
      },
      // Without an end to trying, a peer that was away comes back by itself.
      deliveryclient: { blockGossipEnabled: false, connTimeout: '3s', reConnectBackoffThreshold: '5s' },
      keepalive: {
        interval: '7200s',
        timeout: '20s',
        minInterval: '20s',
        client: { interval: '60s', timeout: '20s' },
        // A peer whose orderer hangs turns to another after 12 s; gRPC takes no shorter interval.
        deliveryClient: { interval: '10s', timeout: '2s' },
      },
      gossip: gossip(address, addressOf(placement, neighbour)),
      limits: { concurrency: { endorserService: 2500, deliverService: 2500, gatewayService: 2500 } },
      handlers: {
        authFilters: [{ name: 'DefaultAuth' }, { name: 'ExpirationCheck' }],
        decorators: [{ name: 'DefaultDecorator' }],
        endorsers: { escc: { name: 'DefaultEndorsement' } },
        validators: { vscc: { name: 'DefaultValidation' } },
      },
    },
    // No Docker: chaincode runs as a service.
    vm: { endpoint: '' },
    chaincode: {
      externalBuilders: [{ name: 'ccaas_builder', path: placement.builder }],
      installTimeout: '300s',
      startuptimeout: '60s',
      executetimeout: '30s',
      mode: 'net',
      keepalive: 0,
      system: { _lifecycle: 'enable', cscc: 'enable', lscc: 'enable', qscc: 'enable' },
      logging: { level: 'info', shim: 'warning' },
    },
    ledger: {
      state: { stateDatabase: 'goleveldb', totalQueryLimit: 100000 },
      // The history of a record is in its versions; Fabric's own would only be written.
      history: { enableHistoryDatabase: false },
      pvtdataStore: {
        collElgProcMaxDbBatchSize: 5000,
        collElgProcDbBatchesInterval: 1000,
        deprioritizedDataReconcilerInterval: '5m',
        // Purged data leaves the disk with the next block, and its keys are not written into the log.
        purgeInterval: 1,
        purgedKeyAuditLogging: false,
      },
    },
    operations: {
      listenAddress: `${placement.listen}:${node.operationsPort}`,
      tls: operationsTls('lower'),
    },
    metrics: { provider: 'prometheus' },
  };
}

/** Every peer fetches its blocks from the orderers itself; what gossip carries here is private data. */
function gossip(address: string, neighbour: string): Yaml {
  return {
    bootstrap: neighbour,
    endpoint: address,
    externalEndpoint: address,
    useLeaderElection: false,
    orgLeader: true,
    state: { enabled: false },
    // Peers that were away find each other again within seconds; Fabric's own would take half a minute.
    aliveTimeInterval: '2s',
    aliveExpirationTimeout: '10s',
    reconnectInterval: '2s',
    publishStateInfoInterval: '2s',
    requestStateInfoInterval: '2s',
    pvtData: {
      // A commit waits this long for private data that is nowhere at hand; the reconciler looks for it afterwards.
      pullRetryThreshold: '5s',
      // An envelope that was sent twice is a duplicate, whose data was used up with the first: nobody has it any more, and
      // a commit that looked for it would hold up everything for seconds.
      skipPullingInvalidTransactionsDuringCommit: true,
      pushAckTimeout: '5s',
      transientstoreMaxBlockRetention: 1000,
      btlPullMargin: 10,
      reconciliationEnabled: true,
      reconcileBatchSize: 10,
      reconcileSleepInterval: '5s',
      implicitCollectionDisseminationPolicy: { requiredPeerCount: 0, maxPeerCount: 1 },
    },
  };
}
