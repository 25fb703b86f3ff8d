import type { JsonObject, Resource } from '../fhir/resource.ts';

/**
 * The text of a resource as the ledger keeps it: `resourceType` first, then `meta` (without what the server says there),
 * then the rest in its order; no id, since the ledger's entry has it. Numbers keep the digits they came with when
 * `resource` holds raw JSON for them.
 */
export function ledgerText(resource: Resource): string {
  const { resourceType, id: _id, meta, ...rest } = resource;
  const kept: JsonObject = { ...(meta as JsonObject | undefined) };
  delete kept['versionId'];
  delete kept['lastUpdated'];
  return JSON.stringify({ resourceType, ...(Object.keys(kept).length > 0 && { meta: kept }), ...rest });
}

export interface ServedMeta {
  id: string;
  version: number;
  /** Milliseconds since 1970. */
  lastUpdated: number;
}

/** The text that is served: the ledger's text with id, meta.versionId and meta.lastUpdated put in, nothing reformatted. */
export function servedText(type: string, text: string, meta: ServedMeta): string {
  const start = `{"resourceType":"${type}"`;
  if (!text.startsWith(start)) throw new RangeError(`the content is not a ${type}`);
  const rest = text.slice(start.length);
  const metaStart = ',"meta":{';
  const serverMeta = `"versionId":"${meta.version}","lastUpdated":"${new Date(meta.lastUpdated).toISOString()}"`;
  const head = `${start},"id":"${meta.id}","meta":{${serverMeta}`;
  if (!rest.startsWith(metaStart)) return `${head}}${rest}`;
  return `${head},${rest.slice(metaStart.length)}`;
}
