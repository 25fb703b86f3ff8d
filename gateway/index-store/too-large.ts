/** The engine refuses a statement for its size: too many variables, too deep an expression. */
export class StatementTooLarge extends Error {
  constructor(cause: unknown) {
    super('The statement is larger than the engine takes.', { cause });
    this.name = 'StatementTooLarge';
  }
}
