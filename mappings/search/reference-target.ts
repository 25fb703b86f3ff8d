/** What a reference points at: a resource of this server by type and id, or anything else by its URL. */
export type ReferenceTarget =
  | { type: string; id: string; version?: string; url?: undefined }
  | { url: string; version?: string; type?: undefined; id?: undefined };

const RELATIVE = /^([A-Z][A-Za-z]{1,63})\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/([A-Za-z0-9\-.]{1,64}))?$/;
const HISTORY = /^(https?:.*)\/_history\/([A-Za-z0-9\-.]{1,64})$/;

const local = (text: string): ReferenceTarget | undefined => {
  const match = RELATIVE.exec(text);
  if (match === null) return undefined;
  const [, type = '', id = '', version] = match;
  return version === undefined ? { type, id } : { type, id, version };
};

/**
 * Reads Reference.reference or a canonical. An absolute URL below `baseUrl`, the server's FHIR base, is as good as a
 * relative one; `|version` of a canonical and `/_history/version` come apart. Undefined for `#id`, a contained resource.
 */
export function referenceTarget(text: string, baseUrl?: string): ReferenceTarget | undefined {
  if (text.startsWith('#') || text === '') return undefined;
  const own = baseUrl !== undefined && text.startsWith(baseUrl) && text.charAt(baseUrl.length) === '/';
  const relative = local(own ? text.slice((baseUrl ?? '').length + 1) : text);
  if (relative !== undefined) return relative;
  const history = HISTORY.exec(text);
  if (history !== null)
    return { url: history[1] ?? text, ...(history[2] !== undefined && { version: history[2] }) };
  const bar = text.lastIndexOf('|');
  return bar > 0 ? { url: text.slice(0, bar), version: text.slice(bar + 1) } : { url: text };
}

const TAIL = /(?:^|\/)([A-Z][A-Za-z]{1,63})\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/** The resource type that a RESTful reference names, on whatever server. */
export const typeInReference = (text: string): string | undefined => TAIL.exec(text)?.[1];
