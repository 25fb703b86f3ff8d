import { LedgerError, type Ledger } from '@fhir-fabric-gateway/chaincode/api';
import type { AuditLog } from '../audit/index.ts';
import { operatorOf } from '../setup/operator.ts';

/** Rows of the audit log after which their Merkle root goes to the ledger. */
const EVERY = 4096;

/**
 * Puts the audit log's anchors on the ledger, in the name of the organisation whose gateway this is: from then on the
 * log cannot be cut off or rewritten unseen. What fails is done with the next one.
 */
export class Anchors {
  readonly #log: AuditLog;
  readonly #ledger: Pick<Ledger, 'submit'>;
  readonly #mspId: string;
  #anchored: number;
  #busy = false;

  constructor(log: AuditLog, ledger: Pick<Ledger, 'submit'>, mspId: string) {
    this.#log = log;
    this.#ledger = ledger;
    this.#mspId = mspId;
    this.#anchored = log.rows();
  }

  /** To be called after rows were written: makes an anchor when there are enough, without holding anyone up. */
  noticed(): void {
    if (this.#busy || this.#log.rows() - this.#anchored < EVERY) return;
    this.#busy = true;
    this.write()
      .catch(() => undefined)
      .finally(() => {
        this.#busy = false;
        this.#anchored = this.#log.rows();
      });
  }

  /** Anchors all rows that no anchor covers yet. Rejects with a LedgerError. */
  async write(): Promise<void> {
    for (let anchor = await this.#log.nextAnchor(); anchor; anchor = await this.#log.nextAnchor()) {
      const { number, root } = anchor;
      await this.#log.confirmAnchor(number, await this.#submit(number, root));
    }
  }

  /** An anchor that is on the ledger already was written just before a crash: it stands. */
  async #submit(number: number, root: string): Promise<string> {
    try {
      const asset = { kind: 'anchor', number, root } as const;
      const { txId } = await this.#ledger.submit(operatorOf(this.#mspId), [
        { fn: 'CreateAssets', assets: [asset] },
      ]);
      return txId;
    } catch (error) {
      if (error instanceof LedgerError && error.code === 'EXISTS') return '';
      throw error;
    }
  }
}
