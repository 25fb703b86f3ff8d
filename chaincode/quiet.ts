import 'fabric-shim';
import contractLogging from 'fabric-contract-api/lib/logger.js';
import shimLogging from 'fabric-shim/lib/logger.js';

/** The loggers of fabric-shim and fabric-contract-api, by the names under which they share them. */
const LOGGERS = [
  'contracts-spi/chaincodefromcontract.js',
  'contracts-spi/datamarshall.js',
  'contracts-spi/bootstrap.js',
  'lib/chaincode.js',
  'lib/handler.js',
  'lib/iterators.js',
  'lib/server.js',
  'lib/stub.js',
  './lib/contract.js',
  './lib/jsontransactionserializer.js',
  '_',
];

/**
 * Loading Fabric's libraries makes the process survive errors that nobody caught and log them, and every invocation
 * formats half a dozen lines of log. Neither fits a program that holds people's records: this takes the listeners off
 * again and silences the loggers. Import it before anything that runs the chaincode.
 */
function quietFabric(): void {
  for (const { getLogger } of [shimLogging, contractLogging]) {
    for (const name of LOGGERS) getLogger(name).silent = true;
    getLogger('_').exceptions.unhandle();
  }
  for (const listener of process.listeners('unhandledRejection')) {
    if (listener.name === 'loggerUnhandledRejectionFn')
      process.removeListener('unhandledRejection', listener);
  }
}

quietFabric();
