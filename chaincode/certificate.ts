import type { ClientIdentity } from 'fabric-shim-api';
import { ROLES } from './api/index.ts';
import type { IdentityRef, Role } from './api/index.ts';
import { isPlainName } from './rules/membership.ts';

/** What the caller's certificate says: attributes `role` and `subject`, of the extension that Fabric CA writes. */
export interface Certificate extends IdentityRef {
  role: Role;
}

/** The certificate that the dispatcher has parsed, or undefined when it carries no role and pseudonym of ours. */
export function readCertificate(client: ClientIdentity): Certificate | undefined {
  try {
    const role = ROLES.find((known) => known === client.getAttributeValue('role'));
    const pseudonym = client.getAttributeValue('subject');
    const mspId = client.getMSPID();
    if (!role || typeof pseudonym !== 'string' || !isPlainName(pseudonym) || !isPlainName(mspId))
      return undefined;
    return { role, pseudonym, mspId };
  } catch {
    // fabric-shim throws when the extension is there but has no attributes.
    return undefined;
  }
}
