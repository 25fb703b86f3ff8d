import { isObject, type Json, type Resource } from '../resource.ts';
import { parseLiteral } from './literal.ts';

/** Elements that hold an address: Reference.reference, Attachment.url, and uri-typed elements of that name. */
const ADDRESSES = new Set(['reference', 'url', 'uri']);

function collect(value: Json, base: string | undefined, into: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, base, into);
    return;
  }
  if (!isObject(value)) return;
  for (const name in value) {
    const child = value[name];
    if (typeof child === 'object') collect(child, base, into);
    else if (typeof child === 'string' && ADDRESSES.has(name)) {
      const literal = parseLiteral(child, base);
      if (literal?.local === true) into.add(`${literal.type}/${literal.id}`);
    }
  }
}

/** Everything of this server that a resource refers to, by Reference or by an address: `Type/id`. `base`: see parseLiteral. */
export function linkedResources(resource: Resource, base?: string): string[] {
  const found = new Set<string>();
  collect(resource, base, found);
  return [...found];
}
