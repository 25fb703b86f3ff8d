/** Modules of Fabric's that have no types of their own. */

declare module 'fabric-shim/lib/contract-spi/chaincodefromcontract.js' {
  import type { Contract, JSONSerializer } from 'fabric-contract-api';
  import type { ChaincodeInterface, ChaincodeResponse, ChaincodeStub } from 'fabric-shim-api';

  interface Serializers {
    transaction: string;
    serializers: Record<string, new () => JSONSerializer>;
  }

  /** Turns contract classes into a chaincode. It appends its own system contract to the array it is given. */
  export default class ChaincodeFromContract implements ChaincodeInterface {
    constructor(
      contracts: (new () => Contract)[],
      serializers: Serializers,
      metadata?: object,
      title?: string,
      version?: string,
    );
    readonly metadata: { contracts: Record<string, { transactions: { name: string }[] }> };
    Init(stub: ChaincodeStub): Promise<ChaincodeResponse>;
    Invoke(stub: ChaincodeStub): Promise<ChaincodeResponse>;
  }
}

declare module 'fabric-shim/lib/logger.js' {
  import type { Logger } from 'winston';
  const logging: { getLogger(name?: string): Logger };
  export default logging;
}

declare module 'fabric-contract-api/lib/logger.js' {
  import type { Logger } from 'winston';
  const logging: { getLogger(name?: string): Logger };
  export default logging;
}
