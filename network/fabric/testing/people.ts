import { randomBytes } from 'node:crypto';
import { CommitError, StatusCode } from '@hyperledger/fabric-gateway';
import {
  encodeCommands,
  type Asset,
  type Command,
  type IdentityRef,
  type Query,
  type Role,
} from '@fhir-fabric-gateway/chaincode/api';
import { attributesExtension } from '../../identities/attributes.ts';
import { issueMember, type KeyPair } from '../network/certificates/ca.ts';
import { connectAs } from '../network/lifecycle/ping.ts';
import { readPair } from '../network/material/organisation.ts';
import { foldersOfOrganisation, organisationNamed, type Network } from '../network/network.ts';

/** Someone with a certificate of an organisation. */
export interface Person {
  readonly ref: IdentityRef;
  readonly organisation: string;
  readonly pair: KeyPair;
}

/** Gives someone a certificate with a role and a pseudonym. */
export async function enrol(network: Network, organisation: string, role: Role): Promise<Person> {
  const { mspId } = organisationNamed(network, organisation);
  const pseudonym = randomBytes(16).toString('base64url');
  const ca = readPair(foldersOfOrganisation(network, { name: organisation }).ca);
  const pair = await issueMember(ca, pseudonym, 'client', [
    attributesExtension({ role, subject: pseudonym }),
  ]);
  return { ref: { mspId, pseudonym }, organisation, pair };
}

/** Has the hospital found the ledger; resolves with its HR. */
export async function foundLedger(network: Network): Promise<Person> {
  const hr = await enrol(network, 'hospital', 'hr');
  const organisations = network.definition.organisations.map(({ mspId, name }): Asset => ({
    kind: 'organisation',
    mspId,
    organization: `Organization/${name}`,
    roles: ['patient', 'doctor', 'lab', 'hr', 'system'],
  }));
  const account: Asset = { kind: 'identity', ...hr.ref, role: 'hr', status: 'active' };
  await submit(network, hr, [{ fn: 'CreateAssets', assets: [...organisations, account] }]);
  return hr;
}

/** An entry of the directory, whose content is private data as all content is. */
export const location = (id: string): Command => ({
  fn: 'CreateAssets',
  assets: [
    {
      kind: 'entry',
      entry: {
        type: 'Location',
        id,
        home: 'directory',
        enc: 'none',
        kid: '',
        content: Buffer.from(`Location ${id}`),
      },
    },
  ],
});

/** Has commands committed through the person's own organisation's peer. */
export async function submit(network: Network, person: Person, commands: readonly Command[]): Promise<void> {
  await withContract(network, person, person.organisation, async (contract) => {
    await contract.submit('Commit', {
      arguments: ['atomic'],
      transientData: { ...encodeCommands(commands), seed: randomBytes(32) },
    });
  });
}

/**
 * Writes one location after the other until the signal aborts; resolves with their ids. One that conflicts is written
 * again, as the gateway does it. Rejects with any other failure.
 */
export async function writeUntil(network: Network, person: Person, signal: AbortSignal): Promise<string[]> {
  const ids: string[] = [];
  while (!signal.aborted) {
    const id = `meanwhile-${ids.length}`;
    try {
      await submit(network, person, [location(id)]);
      ids.push(id);
    } catch (error) {
      if (!(error instanceof CommitError) || error.code !== StatusCode.MVCC_READ_CONFLICT) throw error;
    }
  }
  return ids;
}

/** Whether the peer of an organisation has the content of a location. */
export async function holds(network: Network, person: Person, at: string, id: string): Promise<boolean> {
  const query: Query = { fn: 'QueryAsset', type: 'Location', id };
  const { mspId } = organisationNamed(network, at);
  try {
    await withContract(network, person, at, (contract) =>
      contract.evaluate('QueryAsset', {
        transientData: { query: JSON.stringify(query) },
        endorsingOrganizations: [mspId],
      }),
    );
    return true;
  } catch {
    return false;
  }
}

type Contract = ReturnType<ReturnType<ReturnType<typeof connectAs>['gateway']['getNetwork']>['getContract']>;

async function withContract(
  network: Network,
  { ref, pair }: Person,
  at: string,
  use: (contract: Contract) => Promise<unknown>,
): Promise<void> {
  const own = organisationNamed(network, at);
  const [node] = own.peers;
  if (!node) throw new RangeError(`${at} has no peer`);
  const { gateway, client } = connectAs(network, { own, node, mspId: ref.mspId, member: pair });
  try {
    const { channel, chaincode } = network.definition;
    await use(gateway.getNetwork(channel).getContract(chaincode));
  } finally {
    gateway.close();
    client.close();
  }
}
