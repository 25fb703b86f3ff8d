import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IdentityRef, Ledger, LedgerBlock, Role } from '@fhir-fabric-gateway/chaincode/api';
import {
  createAuthority,
  openLedger,
  openWallet,
  type Authority,
  type LedgerDeps,
  type TestingConfig,
  type Wallet,
} from '../../index.ts';
import { Notebook } from './notebook.ts';

/** A folder with a wallet, an organisation's CA and a ledger of the notebook contract. */
export class Scene {
  readonly folder: string;
  readonly file: string;
  readonly #opened: Ledger[] = [];
  #wallet: Wallet | undefined;
  #authority: Authority | undefined;

  /** In a new folder, or in one of a scene before. */
  constructor(folder = mkdtempSync(join(tmpdir(), 'ledger-'))) {
    this.folder = folder;
    this.file = join(folder, 'ledger.db');
  }

  async wallet(): Promise<Wallet> {
    this.#wallet ??= await openWallet({ file: join(this.folder, 'wallet.db'), secret: 's' });
    return this.#wallet;
  }

  async authority(): Promise<Authority> {
    const file = join(this.folder, 'wallet.db');
    this.#authority ??= await createAuthority({ mspId: 'HospitalMSP', file, secret: 's' });
    return this.#authority;
  }

  /** A new identity, in the wallet. */
  async enroll(role: Role = 'system'): Promise<IdentityRef> {
    const identity = await (await this.authority()).enroll({ role });
    await (await this.wallet()).put(identity);
    return { mspId: identity.mspId, pseudonym: identity.pseudonym };
  }

  async open(testing: TestingConfig = {}, deps: Partial<LedgerDeps> = {}): Promise<Ledger> {
    const { mspId, certificate } = await this.authority();
    const ledger = await openLedger(
      {
        engine: 'embedded',
        file: this.file,
        organisations: [{ mspId, caCertificate: certificate }],
        signer: { file: join(this.folder, 'ledger.key'), secret: 's' },
        testing,
      },
      { identities: await this.wallet(), contracts: [Notebook], ...deps },
    );
    this.#opened.push(ledger);
    return ledger;
  }

  async remove(): Promise<void> {
    for (const ledger of this.#opened) await ledger.close();
    await this.#wallet?.close();
    await this.#authority?.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** Blocks from `from` on, as many as there are. */
export async function readBlocks(ledger: Ledger, from = 0): Promise<LedgerBlock[]> {
  const stop = new AbortController();
  const found: LedgerBlock[] = [];
  const height = await ledger.height();
  if (from >= height) return found;
  for await (const block of ledger.blocks(from, stop.signal)) {
    found.push(block);
    if (block.number === height - 1) stop.abort();
  }
  return found;
}
