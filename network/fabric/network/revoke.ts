import { msp } from '@hyperledger/fabric-protos';
import { changeConfig, fetchConfig } from './channel/config.ts';
import { groupAt, valueUpdate } from './channel/config-update.ts';
import { revocationList, revokedBy } from './certificates/crl.ts';
import { readPair } from './material/organisation.ts';
import { foldersOfOrganisation, organisationNamed, type Network } from './network.ts';

/** What to revoke: certificates by serial number (hexadecimal), or all that a list of the organisation's CA names. */
export type Revocation = { readonly serials: readonly string[] } | { readonly list: string };

const MSP = 'MSP';

/**
 * Revokes certificates of an organisation: the channel's configuration gets a list of them, signed by the organisation's
 * CA, and every peer and orderer then refuses them. Resolves with all the serial numbers that are revoked, once every
 * peer holds the list. Nothing but a new list brings a certificate back.
 */
export async function revoke(network: Network, name: string, what: Revocation): Promise<string[]> {
  const own = organisationNamed(network, name);
  const { channel } = network.definition;
  const { root } = await fetchConfig(network, own);
  const path = ['Application', own.mspId];
  const value = groupAt(root, path).getValuesMap().get(MSP);
  if (!value) throw new RangeError(`${own.mspId} has no MSP in the channel`);
  const config = msp.MSPConfig.deserializeBinary(value.getValue_asU8());
  const fabric = msp.FabricMSPConfig.deserializeBinary(config.getConfig_asU8());
  const before = fabric.getRevocationListList_asU8().map((bytes) => Buffer.from(bytes).toString('utf8'));
  const after =
    'list' in what ? withList(before, what.list) : await withSerials(network, name, before, what.serials);
  fabric.setRevocationListList(after.map((list) => Buffer.from(list, 'utf8')));
  config.setConfig(fabric.serializeBinary());
  await changeConfig(network, [own], valueUpdate(channel, root, path, MSP, config.serializeBinary()));
  return [...new Set(after.flatMap(revokedBy))];
}

/** A CA's newer list says what its older ones said: those are left out. */
function withList(before: readonly string[], list: string): string[] {
  const revoked = new Set(revokedBy(list));
  return [...before.filter((old) => !revokedBy(old).every((serial) => revoked.has(serial))), list];
}

async function withSerials(
  network: Network,
  name: string,
  before: readonly string[],
  serials: readonly string[],
): Promise<string[]> {
  const ca = readPair(foldersOfOrganisation(network, { name }).ca);
  return withList(before, await revocationList(ca, before, serials));
}
