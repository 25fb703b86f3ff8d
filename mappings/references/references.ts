import { isObject, text, type Json, type Resource } from '../resource.ts';
import { isRawJson } from './raw-json.ts';

/** A literal reference in a resource. */
export interface FoundReference {
  /** As it stands there: `Patient/1`, `urn:uuid:...`, `Practitioner?identifier=...`. */
  reference: string;
  /** FHIRPath of the Reference, `Observation.performer[0]`. */
  path: string;
  /** Reference.type, when it is given. */
  type?: string;
}

/** Elements named `reference` that are no Reference's: their type is uri. */
const URI_HOLDERS = /^(DetectedIssue|Immunization\.education\[\d+\])$/;

function* referencesIn(value: Json, path: string): Generator<FoundReference> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* referencesIn(item, `${path}[${index}]`);
  } else if (isObject(value) && !isRawJson(value)) {
    const reference = text(value['reference']);
    // An Expression has a `reference` too, and always a language.
    const literal = !URI_HOLDERS.test(path) && value['language'] === undefined;
    if (reference !== undefined && literal && !reference.startsWith('#')) {
      const type = text(value['type']);
      yield { reference, path, ...(type !== undefined && { type }) };
    }
    for (const [name, child] of Object.entries(value)) yield* referencesIn(child, `${path}.${name}`);
  }
}

/**
 * Every Reference of a resource with its `reference`, those in contained resources and extensions too; not those to
 * contained resources (`#x`).
 */
export function references(resource: Resource): Generator<FoundReference> {
  return referencesIn(resource, resource.resourceType);
}
