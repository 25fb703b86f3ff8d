import { readFileSync } from 'node:fs';
import { readConnection } from '../fabric/client/connection.ts';
import type { Authority } from './authority.ts';
import { openFabricAuthority } from './fabric-authority.ts';
import { createAuthority, type Root } from './own-authority.ts';
import type { StoreOptions } from './sealed-store.ts';

export interface AuthorityOptions extends StoreOptions {
  mspId: string;
  /** The connection file of a real network, which says who issues there. */
  connection?: string;
}

/**
 * The authority of an organisation: on a real network the Fabric CA that its connection file names, or the CA key that it
 * names; else a CA of the organisation's own, which is kept in the store. Rejects when a connection file names neither,
 * or is another organisation's.
 */
export async function openAuthority({ connection, ...options }: AuthorityOptions): Promise<Authority> {
  if (connection === undefined) return createAuthority(options);
  const { mspId, certificateAuthority: ca, authority } = readConnection(connection);
  if (mspId !== options.mspId) throw new Error(`${connection} is of ${mspId}, not of ${options.mspId}`);
  if (ca) {
    if (!ca.registrar) throw new Error(`${connection} names no registrar of its certificate authority`);
    return openFabricAuthority({ mspId, ca: { ...ca, registrar: ca.registrar } });
  }
  if (!authority) throw new Error(`${connection} names neither a certificate authority nor a CA key`);
  const root: Root = {
    certificate: readFileSync(authority.certificate, 'utf8'),
    privateKey: readFileSync(authority.privateKey, 'utf8'),
  };
  return createAuthority({ ...options, root });
}
