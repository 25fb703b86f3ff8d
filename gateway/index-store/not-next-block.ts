/** The index's checkpoint is not at the block before: some other process wrote to it, or blocks were left out. */
export class NotNextBlock extends Error {
  /** Number of the last block applied. */
  readonly position: number;
  constructor(block: number, position: number) {
    super(`Block ${block} does not follow block ${position}, which the index applied last.`);
    this.name = 'NotNextBlock';
    this.position = position;
  }
}
