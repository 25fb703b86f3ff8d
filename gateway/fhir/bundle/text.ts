/**
 * Bundles as bytes. Resources in them are the bytes that the index holds: they are neither parsed nor formatted again,
 * which is both fast and exact.
 */
const encoder = new TextEncoder();
const COMMA = encoder.encode(',');

export interface EntryParts {
  fullUrl?: string;
  resource?: Uint8Array;
  /** `search`, `request`, `response`. */
  rest: object;
}

export function rawEntry({ fullUrl, resource, rest }: EntryParts): Uint8Array {
  const head = fullUrl === undefined ? '{' : `{"fullUrl":${JSON.stringify(fullUrl)}`;
  const tail = JSON.stringify(rest).slice(1);
  const separator = fullUrl === undefined ? '' : ',';
  if (!resource) return encoder.encode(tail === '}' ? `${head}}` : `${head}${separator}${tail}`);
  return Buffer.concat([
    encoder.encode(`${head}${separator}"resource":`),
    resource,
    encoder.encode(tail === '}' ? '}' : `,${tail}`),
  ]);
}

export interface BundleParts {
  type: 'searchset' | 'history' | 'batch-response' | 'transaction-response';
  id: string;
  total?: number;
  links?: Readonly<Record<string, string>>;
  entries: readonly Uint8Array[];
}

export function bundleOf({ type, id, total, links = {}, entries }: BundleParts): Uint8Array {
  const link = Object.entries(links).map(([relation, url]) => ({ relation, url }));
  const head = JSON.stringify({
    resourceType: 'Bundle',
    id,
    type,
    ...(total !== undefined && { total }),
    ...(link.length > 0 && { link }),
  }).slice(0, -1);
  if (entries.length === 0) return encoder.encode(`${head}}`);
  const parts: Uint8Array[] = [encoder.encode(`${head},"entry":[`)];
  entries.forEach((entry, index) => {
    if (index > 0) parts.push(COMMA);
    parts.push(entry);
  });
  parts.push(encoder.encode(']}'));
  return Buffer.concat(parts);
}
