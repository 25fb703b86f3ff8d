import type { IdentityRef, Ledger, StoredIdentity } from '@fhir-fabric-gateway/chaincode/api';
import type { Adapter } from '../client/connection.ts';
import { openFabricLedger } from '../client/fabric-ledger.ts';
import type { TestAuthority } from '../client/testing/identities.ts';
import { openBareSubmit, type BareSubmit } from './bare-submit.ts';

/** Enough that the ledger's own bounds do not hold single submits back. */
const MOST_CALLS = 1024;
const ONE_COMMAND_EACH = {
  coalescedCommands: 1,
  endorsing: MOST_CALLS,
  unanswered: MOST_CALLS,
  endorsingAltogether: MOST_CALLS,
};

/** Ways to the network, each opened when it is first asked for and kept. */
export class Engines {
  readonly #connection: string;
  readonly #authority: TestAuthority;
  readonly #reader: IdentityRef;
  readonly #ledgers = new Map<string, Promise<Ledger>>();
  readonly #bare = new Map<Adapter, Promise<BareSubmit>>();

  /** `connection`: the file; `reader`: somebody whom the authority enrolled. */
  constructor(connection: string, authority: TestAuthority, reader: IdentityRef) {
    this.#connection = connection;
    this.#authority = authority;
    this.#reader = reader;
  }

  /** The ledger as it is used, or with each command a transaction of its own. */
  ledger(adapter: Adapter, mode: 'coalesced' | 'single' = 'coalesced'): Promise<Ledger> {
    return kept(this.#ledgers, `${adapter} ${mode}`, () =>
      openFabricLedger(
        {
          engine: 'fabric',
          connection: this.#connection,
          adapter,
          reader: this.#reader,
          ...(mode === 'single' && { testing: { limits: ONE_COMMAND_EACH } }),
        },
        { identities: this.#authority },
      ),
    );
  }

  bareSubmit(adapter: Adapter): Promise<BareSubmit> {
    return kept(this.#bare, adapter, async () =>
      openBareSubmit(this.#connection, adapter, await this.stored(this.#reader), this.#authority),
    );
  }

  /** An enrolled identity with its key. */
  async stored(ref: IdentityRef): Promise<StoredIdentity> {
    const identity = await this.#authority.get(ref);
    if (!identity) throw new Error(`${ref.pseudonym} was not enrolled`);
    return identity;
  }

  async close(): Promise<void> {
    for (const each of [...this.#ledgers.values(), ...this.#bare.values()]) await (await each).close();
  }
}

function kept<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
