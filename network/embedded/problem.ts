/** What does not hold on a ledger, and in which block. */
export class Problem extends Error {
  readonly block: number;
  constructor(block: number, what: string) {
    super(what);
    this.name = 'Problem';
    this.block = block;
  }
}
