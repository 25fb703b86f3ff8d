import type { ChainHead } from './head.ts';
import { rewriteSignerFile, writeSignerFile, type SignerFile } from './signer-file.ts';

/** Blocks after which the head is recorded again. */
const EVERY = 256;

/**
 * Keeps a head of the chain beside the signer's key, outside the ledger's own file: when the ledger is opened, every so
 * many blocks, and when it is closed. Nobody waits for it but `close`, and it is written after the block that it names.
 */
export class HeadRecorder {
  readonly #file: SignerFile;
  #recorded: ChainHead | undefined;
  #writing: Promise<void> | undefined;

  /** Throws when the file can't be written. */
  constructor(file: SignerFile, head: ChainHead | undefined) {
    this.#file = file;
    this.#recorded = head;
    if (head && head.hash !== file.head?.hash) writeSignerFile({ ...file, head });
  }

  /** To be called after each block. What can't be written is written with a later one. */
  noticed(head: ChainHead | undefined): void {
    if (!head || this.#writing || head.number - (this.#recorded?.number ?? -1) < EVERY) return;
    this.#writing = this.#write(head)
      .catch(() => undefined)
      .finally(() => (this.#writing = undefined));
  }

  /** Records the last head; when the file can't be written, the one that it has lags until the ledger is opened again. */
  async close(head: ChainHead | undefined): Promise<void> {
    await this.#writing;
    if (head && head.hash !== this.#recorded?.hash) await this.#write(head).catch(() => undefined);
  }

  async #write(head: ChainHead): Promise<void> {
    await rewriteSignerFile({ ...this.#file, head });
    this.#recorded = head;
  }
}
