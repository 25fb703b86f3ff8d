import { parseAnchorKey } from '@fhir-fabric-gateway/chaincode/api';
import { bytes, text } from './column.ts';
import { openForReading } from './schema.ts';

/**
 * The anchors of audit logs that an embedded ledger has in its public state: MSP → number → root, hexadecimal. What they
 * say holds when `verifyLedger` says that the ledger does. Throws when the file is no ledger.
 */
export function ledgerAnchors(file: string): ReadonlyMap<string, ReadonlyMap<number, string>> {
  const db = openForReading(file);
  try {
    const found = new Map<string, Map<number, string>>();
    // '0' follows '/': all keys that begin with `anchor/`.
    const rows = db.prepare("SELECT key, value FROM public_state WHERE key >= 'anchor/' AND key < 'anchor0'");
    for (const row of rows.iterate()) {
      const anchor = parseAnchorKey(text(row['key']));
      if (!anchor) continue;
      const roots = found.get(anchor.mspId) ?? new Map<number, string>();
      found.set(anchor.mspId, roots.set(anchor.number, Buffer.from(bytes(row['value'])).toString()));
    }
    return found;
  } finally {
    db.close();
  }
}
