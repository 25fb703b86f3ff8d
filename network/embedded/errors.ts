/** A call of the chaincode API that the contract does not use, and that this ledger therefore does not have. */
export class UnsupportedError extends Error {
  constructor(what: string) {
    super(`unsupported: ${what}`);
    this.name = 'UnsupportedError';
  }
}
