import { join } from 'node:path';
import type { KeyPair } from '../certificates/ca.ts';
import { toYaml } from '../yaml.ts';
import { writePublic, writeSecret } from './files.ts';

/** An organisation's two roots: one for what its members sign with, one for TLS. */
export interface Roots {
  readonly ca: KeyPair;
  readonly tlsCa: KeyPair;
}

const CA_FILE = 'cacerts/ca.pem';

/** NodeOUs: what a member is stands in its certificate's organisational unit. */
const NODE_OUS = toYaml({
  NodeOUs: {
    Enable: true,
    ClientOUIdentifier: { Certificate: CA_FILE, OrganizationalUnitIdentifier: 'client' },
    PeerOUIdentifier: { Certificate: CA_FILE, OrganizationalUnitIdentifier: 'peer' },
    AdminOUIdentifier: { Certificate: CA_FILE, OrganizationalUnitIdentifier: 'admin' },
    OrdererOUIdentifier: { Certificate: CA_FILE, OrganizationalUnitIdentifier: 'orderer' },
  },
});

/** An MSP folder: who the organisation is and, with `member`, one of its members with its private key. */
export function writeMsp(folder: string, { ca, tlsCa }: Roots, member?: KeyPair): void {
  writePublic(join(folder, CA_FILE), ca.certificate);
  writePublic(join(folder, 'tlscacerts', 'ca.pem'), tlsCa.certificate);
  writePublic(join(folder, 'config.yaml'), NODE_OUS);
  if (!member) return;
  writePublic(join(folder, 'signcerts', 'certificate.pem'), member.certificate);
  writeSecret(join(folder, 'keystore', 'key.pem'), member.privateKey);
}

/** A TLS folder: `server.crt`, `server.key`, `ca.crt`. */
export function writeTls(folder: string, { tlsCa }: Roots, pair: KeyPair): void {
  writePublic(join(folder, 'ca.crt'), tlsCa.certificate);
  writePublic(join(folder, 'server.crt'), pair.certificate);
  writeSecret(join(folder, 'server.key'), pair.privateKey);
}
