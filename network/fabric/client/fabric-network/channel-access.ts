import type { Channel, Client, Committer, Endorser, IdentityContext, User } from 'fabric-common';
import { Gateway, Wallet } from 'fabric-network';
import { LedgerError, type IdentityRef, type IdentityStore } from '@fhir-fabric-gateway/chaincode/api';
import type { Connection } from '../connection.ts';
import { connectionProfile } from './profile.ts';
import { Remotes } from './remote.ts';
import { labelOf, SealedWalletStore } from './wallet-store.ts';

const SECOND = 1000;
/** The library waits so long for a connection before it takes a peer or orderer for down. */
const CONNECTION_OPTIONS = { 'grpc-wait-for-ready-timeout': 3 * SECOND, requestTimeout: 20 * SECOND };
const IDENTITIES_REMEMBERED = 1000;

/** The channel with its peers and orderers, over connections that all identities share. */
export interface Access {
  channel: Channel;
  client: Client;
  /** MSP → its peers. */
  peers: ReadonlyMap<string, Remotes<Endorser>>;
  orderers: Remotes<Committer>;
}

/** fabric-network's gateway, connected when it is first used, and identities that may use it. */
export class ChannelAccess {
  readonly #connection: Connection;
  readonly #wallet: Wallet;
  readonly #gateway = new Gateway();
  readonly #users = new Map<string, { certificate: string; user: User }>();
  #access: Promise<Access> | undefined;

  constructor(connection: Connection, identities: IdentityStore) {
    this.#connection = connection;
    this.#wallet = new Wallet(new SealedWalletStore(identities));
  }

  /** The channel, and a context in which the identity signs one message. Rejects with a LedgerError. */
  async as(identity: IdentityRef): Promise<Access & { context: IdentityContext }> {
    const user = await this.#userOf(identity);
    this.#access ??= this.#connect(labelOf(identity));
    try {
      const access = await this.#access;
      return { ...access, context: access.client.newIdentityContext(user).calculateTransactionId() };
    } catch (error) {
      this.#access = undefined;
      throw error;
    }
  }

  close(): void {
    this.#gateway.disconnect();
  }

  async #connect(label: string): Promise<Access> {
    const { channel: name, organisations } = this.#connection;
    await this.#gateway.connect(connectionProfile(this.#connection), {
      wallet: this.#wallet,
      identity: label,
      discovery: { enabled: false },
      'connection-options': CONNECTION_OPTIONS,
    });
    const channel = (await this.#gateway.getNetwork(name)).getChannel();
    const peers = organisations.map(
      ({ mspId }) => [mspId, new Remotes(channel.getEndorsers(mspId))] as const,
    );
    return {
      channel,
      client: channel.client,
      peers: new Map(peers),
      orderers: new Remotes(channel.getCommitters()),
    };
  }

  /** Its key parsed once for each certificate. */
  async #userOf(identity: IdentityRef): Promise<User> {
    const label = labelOf(identity);
    const stored = await this.#wallet.get(label);
    if (stored?.type !== 'X.509') throw new LedgerError('BAD_IDENTITY');
    const { certificate } = (stored as unknown as { credentials: { certificate: string } }).credentials;
    const known = this.#users.get(label);
    if (known?.certificate === certificate) return known.user;
    const provider = this.#wallet.getProviderRegistry().getProvider(stored.type);
    const user = await provider.getUserContext(stored, label).catch(() => {
      throw new LedgerError('BAD_IDENTITY');
    });
    if (this.#users.size >= IDENTITIES_REMEMBERED) this.#users.clear();
    this.#users.set(label, { certificate, user });
    return user;
  }
}
