/** A reference that names a type and an id. https://hl7.org/fhir/R4/references.html#literal */
export interface LiteralReference {
  type: string;
  id: string;
  version?: string;
  /** Of this server: relative, or absolute under its base. */
  local: boolean;
}

const LITERAL =
  /^(?:(https?:\/\/[^\s?#]+)\/)?([A-Z][A-Za-z]{1,63})\/([A-Za-z0-9.-]{1,64})(?:\/_history\/([A-Za-z0-9.-]{1,64}))?$/;

/**
 * Reads `Patient/1`, `Patient/1/_history/2` or an absolute URL that ends so; undefined for everything else (`#x`,
 * `urn:uuid:...`, `Patient?identifier=...`). `base` is this server's, without a slash at its end.
 */
export function parseLiteral(reference: string, base?: string): LiteralReference | undefined {
  const match = LITERAL.exec(reference);
  if (!match) return undefined;
  const [, root, type, id, version] = match;
  if (type === undefined || id === undefined) return undefined;
  return { type, id, local: root === undefined || root === base, ...(version !== undefined && { version }) };
}
