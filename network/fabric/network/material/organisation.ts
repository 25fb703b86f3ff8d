import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRoot, issueMember, issueTls, type KeyPair } from '../certificates/ca.ts';
import type { Node, Orderer, Organisation, OrderingOrganisation } from '../definition.ts';
import type { OrganisationFolders } from '../folders.ts';
import type { Placement } from '../placement.ts';
import { toYaml } from '../yaml.ts';
import { writePublic, writeSecret } from './files.ts';
import { writeMsp, writeTls, type Roots } from './msp.ts';
import { ordererConfig } from './orderer-config.ts';
import { peerConfig } from './peer-config.ts';

/** All of an organisation with peers: its CAs, its administrator, its peers, TLS of its CA and its chaincode server. */
export async function writeOrganisation(
  own: Organisation,
  folders: OrganisationFolders,
  placement: Placement,
): Promise<void> {
  const roots = await writeRoots(own.domain, own.mspId, folders);
  for (const peer of own.peers) {
    await writeNode(peer, 'peer', roots, folders);
    writePublic(join(folders.node(peer.name), 'core.yaml'), toYaml(peerConfig(peer, own, placement)));
  }
  writeTls(join(folders.node(own.ca.name), 'tls'), roots, await serverPair(roots, own.ca.name));
  writeTls(join(folders.chaincode, 'server'), roots, await serverPair(roots, own.chaincode.name));
  // What the peers show to the chaincode server, which answers nobody else.
  const client = await issueTls(roots.tlsCa, `client.${own.chaincode.name}`, []);
  writeTls(join(folders.chaincode, 'client'), roots, client);
}

/** The orderers' organisation. */
export async function writeOrdering(
  own: OrderingOrganisation,
  folders: OrganisationFolders,
  placement: Placement,
): Promise<void> {
  const roots = await writeRoots(own.domain, own.mspId, folders);
  for (const orderer of own.orderers) {
    await writeNode(orderer, 'orderer', roots, folders);
    writePublic(
      join(folders.node(orderer.name), 'orderer.yaml'),
      toYaml(ordererConfig(orderer, own, placement)),
    );
  }
}

/** Roots, MSP and administrator. */
async function writeRoots(domain: string, mspId: string, folders: OrganisationFolders): Promise<Roots> {
  const roots = {
    ca: await createRoot(`ca.${domain}`, mspId),
    tlsCa: await createRoot(`tlsca.${domain}`, mspId),
  };
  writePair(folders.ca, roots.ca);
  writePair(folders.tlsCa, roots.tlsCa);
  writeMsp(folders.msp, roots);
  writeMsp(join(folders.admin, 'msp'), roots, await issueMember(roots.ca, `admin.${domain}`, 'admin'));
  writeTls(join(folders.admin, 'tls'), roots, await issueTls(roots.tlsCa, `admin.${domain}`, []));
  return roots;
}

async function writeNode(
  { name }: Node | Orderer,
  kind: 'peer' | 'orderer',
  roots: Roots,
  folders: OrganisationFolders,
): Promise<void> {
  const folder = folders.node(name);
  writeMsp(join(folder, 'msp'), roots, await issueMember(roots.ca, name, kind));
  writeTls(join(folder, 'tls'), roots, await serverPair(roots, name));
}

const serverPair = (roots: Roots, name: string) =>
  issueTls(roots.tlsCa, name, [name, 'localhost', '127.0.0.1']);

function writePair(folder: string, pair: KeyPair): void {
  writePublic(join(folder, 'certificate.pem'), pair.certificate);
  writeSecret(join(folder, 'key.pem'), pair.privateKey);
}

/** A CA that was written before. */
export function readPair(folder: string): KeyPair {
  return {
    certificate: readFileSync(join(folder, 'certificate.pem'), 'utf8'),
    privateKey: readFileSync(join(folder, 'key.pem'), 'utf8'),
  };
}

/** Whether `writeOrganisation` has been here. */
export const isWritten = (folders: OrganisationFolders): boolean => existsSync(folders.msp);
