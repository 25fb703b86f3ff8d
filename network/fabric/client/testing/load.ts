import type { IdentityRef, Ledger, PrivateWrite } from '@fhir-fabric-gateway/chaincode/api';
import { decodeValue, LedgerError } from '@fhir-fabric-gateway/chaincode/api';
import { create, entry, newId, update } from '../../../engine-suite/commands.ts';
import { readBlocks } from '../../../engine-suite/engine.ts';

/** A write and what its caller was told: OK, or a LedgerError's code. */
interface Write {
  content: string;
  told: string;
}

/**
 * Writers that write without end, each the next version of an entry of its own whatever the last one was: a write that
 * was done twice would be there twice.
 */
export class Load {
  readonly #ledger: Ledger;
  readonly #identity: IdentityRef;
  readonly #patient: string;
  readonly #writes: Write[] = [];
  #running = true;
  #writers: Promise<unknown> = Promise.resolve();

  constructor(ledger: Ledger, identity: IdentityRef, patient: string) {
    this.#ledger = ledger;
    this.#identity = identity;
    this.#patient = patient;
  }

  start(writers: number): void {
    this.#writers = Promise.all(Array.from({ length: writers }, () => this.#write()));
  }

  /** How many writes were answered with this. */
  told(code: string): number {
    return this.#writes.filter(({ told }) => told === code).length;
  }

  /** Ends the writers, and compares what they were told with what the blocks from `from` on hold. */
  async stop(
    from: number,
  ): Promise<{ codes: string[]; lost: string[]; doubled: string[]; denied: string[] }> {
    this.#running = false;
    await this.#writers;
    const found = new Map<string, number>();
    for (const { transactions } of await readBlocks(this.#ledger, from)) {
      for (const write of transactions.flatMap(({ writes }) => writes)) {
        const content = contentOf(write);
        if (content !== undefined) found.set(content, (found.get(content) ?? 0) + 1);
      }
    }
    const names = (writes: Write[]) => writes.map(({ content, told }) => `${content} ${told}`);
    const times = ({ content }: Write) => found.get(content) ?? 0;
    return {
      codes: [...new Set(this.#writes.map(({ told }) => told))].sort(),
      lost: names(this.#writes.filter((write) => write.told === 'OK' && times(write) === 0)),
      doubled: names(this.#writes.filter((write) => times(write) > 1)),
      denied: names(
        this.#writes.filter((write) => !['OK', 'UNDECIDED'].includes(write.told) && times(write) > 0),
      ),
    };
  }

  async #write(): Promise<void> {
    const id = newId();
    for (let n = 0; this.#running; n += 1) {
      const content = `${id} ${n}`;
      const written = entry(this.#patient, 'Flag', id, { content: Buffer.from(content) });
      // The first is undecided perhaps: an update would fail then, for a reason that is none here.
      const told = await this.#tell(n === 0 ? create(written) : update(written));
      this.#writes.push({ content, told });
    }
  }

  async #tell(command: Parameters<Ledger['submit']>[1][number]): Promise<string> {
    try {
      await this.#ledger.submit(this.#identity, [command]);
      return 'OK';
    } catch (error) {
      return error instanceof LedgerError ? error.code : String(error);
    }
  }
}

/** What a current version says; a superseded one, kept under another key, is not counted again. */
function contentOf({ key, value }: PrivateWrite): string | undefined {
  const decoded = value && key?.startsWith('entry/') ? decodeValue(value) : undefined;
  return decoded?.kind === 'entry' && decoded.content
    ? Buffer.from(decoded.content.data).toString()
    : undefined;
}
