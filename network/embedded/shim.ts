import { createRequire } from 'node:module';
import type { ChaincodeResponse, ChaincodeStub } from 'fabric-shim';
import type { ContractClass } from '../config.ts';

/** The part of fabric-shim's `ChaincodeFromContract` that runs a transaction. */
export interface Chaincode {
  Invoke(stub: ChaincodeStub): Promise<ChaincodeResponse>;
}

/** What a peer does for the stub: fabric-shim sends each of these calls over gRPC, we answer them here. */
export interface PeerHandler {
  handleGetState(collection: string, key: string): Promise<Uint8Array>;
  handleGetPrivateDataHash(collection: string, key: string): Promise<Uint8Array>;
  handlePutState(collection: string, key: string, value: Uint8Array): Promise<void>;
  handleDeleteState(collection: string, key: string): Promise<void>;
  handlePurgeState(collection: string, key: string): Promise<void>;
  handleGetStateByRange(
    collection: string,
    startKey: string,
    endKey: string,
  ): Promise<{ iterator: KeyIterator }>;
  handleGetQueryResult(): Promise<never>;
  handleGetHistoryForKey(): Promise<never>;
  handleGetStateMetadata(): Promise<never>;
  handlePutStateMetadata(): Promise<never>;
  handleInvokeChaincode(): Promise<never>;
}

export interface KeyIterator {
  next(): Promise<{ done: boolean; value?: { namespace: string; key: string; value: Uint8Array } }>;
  close(): Promise<void>;
}

type StubConstructor = new (
  handler: PeerHandler,
  channel: string,
  txId: string,
  input: { getArgsList_asU8(): Uint8Array[] },
  signedProposal: null,
) => ChaincodeStub;

export interface Shim {
  /** fabric-shim's dispatcher over these contracts, as `fabric-chaincode-node` builds it. */
  chaincode(contracts: readonly ContractClass[]): Chaincode;
  Stub: StubConstructor;
}

interface Logger {
  silent: boolean;
  debug: () => void;
  exceptions: { unhandle(): void };
}
interface LoggerModule {
  getLogger(name: string): Logger;
  setLevel(level: string): void;
}

const LOGGERS = [
  ...[
    'contracts-spi/chaincodefromcontract.js',
    'contracts-spi/datamarshall.js',
    'lib/chaincode.js',
    'lib/stub.js',
  ],
  ...['./lib/contract.js', './lib/jsontransactionserializer.js'],
];

/**
 * fabric-shim, without what loading it does to the process: it installs winston handlers that swallow uncaught errors
 * and rejections, and it logs to standard output.
 */
export function loadShim(): Shim {
  const fromHere = createRequire(import.meta.url);
  const fromShim = createRequire(fromHere.resolve('fabric-shim'));
  quiet(fromShim('./lib/logger.js'));
  quiet(fromShim('fabric-contract-api/lib/logger.js'));
  for (const listener of process.listeners('unhandledRejection')) {
    if (listener.name === 'loggerUnhandledRejectionFn')
      process.removeListener('unhandledRejection', listener);
  }

  const Dispatcher: new (contracts: ContractClass[], serializers: object) => Chaincode = fromShim(
    './lib/contract-spi/chaincodefromcontract.js',
  );
  const JSONSerializer: object = fromShim('fabric-contract-api').JSONSerializer;
  const serializers = { transaction: 'jsonSerializer', serializers: { jsonSerializer: JSONSerializer } };
  return {
    // A list of its own: the dispatcher adds its system contract to the one it is given.
    chaincode: (contracts) => new Dispatcher([...contracts], serializers),
    Stub: fromShim('./lib/stub.js'),
  };
}

function quiet(module: LoggerModule): void {
  module.setLevel('CRITICAL');
  // setLevel leaves a name in the environment that later loggers read as "info".
  process.env['CORE_CHAINCODE_LOGGING_LEVEL'] = 'CRITICAL';
  module.getLogger('_').exceptions.unhandle();
  for (const name of LOGGERS) {
    const logger = module.getLogger(name);
    logger.silent = true;
    // winston formats what a level leaves out, which costs more than running the contract.
    logger.debug = () => undefined;
  }
}
