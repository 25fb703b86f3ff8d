import { isObject, type Json, type JsonObject, type Resource } from '../resource.ts';
import { parseLiteral } from './literal.ts';
import { isRawJson } from './raw-json.ts';

/** Elements that R4 gives the type Attachment; where another element has such a name, it has no `url`. */
export const ATTACHMENT_ELEMENTS: ReadonlySet<string> = new Set(
  `attachment content contentAttachment defaultValueAttachment document fixedAttachment form image
   legallyBindingAttachment patternAttachment photo presentedForm sequenceAttachment sourceAttachment valueAttachment`.split(
    /\s+/,
  ),
);

/** `Patient/1` for `<base>/Patient/1`, a version with it; undefined for everything else. */
function withoutBase(address: string, base: string): string | undefined {
  if (!address.startsWith(`${base}/`)) return undefined;
  return parseLiteral(address, base)?.local ? address.slice(base.length + 1) : undefined;
}

/** Whether a member of an element, which is the value of `holder`, is the address of a resource. */
function isAddress(name: string, element: JsonObject, holder: string): boolean {
  if (name === 'url') return ATTACHMENT_ELEMENTS.has(holder);
  if (name !== 'reference') return false;
  // Where R4 types a `reference` as uri: these two, and every Expression, which always has a language.
  return element['resourceType'] !== 'DetectedIssue' && holder !== 'education' && !('language' in element);
}

function relativeElement(value: Json, holder: string, base: string): Json {
  if (Array.isArray(value)) {
    const items = value.map((item) => relativeElement(item, holder, base));
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  // What a Bundle that is kept as a document says inside is not this server's, and hangs on its fullUrls.
  if (!isObject(value) || isRawJson(value) || value['resourceType'] === 'Bundle') return value;
  let changed = false;
  const members = Object.entries(value).map(([name, child]): [string, Json] => {
    let next = child;
    if (typeof child !== 'string') next = relativeElement(child, name, base);
    else if (isAddress(name, value, holder)) next = withoutBase(child, base) ?? child;
    changed ||= next !== child;
    return [name, next];
  });
  // fromEntries defines members, where an assignment to `__proto__` would do something else.
  return changed ? Object.fromEntries(members) : value;
}

/**
 * The resource with the references that are absolute under `base`, this server's FHIR base without a slash at its end,
 * made relative: in Reference.reference and Attachment.url, contained resources and extensions included. Canonicals, other
 * uris, identifiers and narratives stay what they are. The same object when there are none; numbers made by JSON.rawJSON
 * stay the same objects. https://hl7.org/fhir/R4/references.html#literal
 */
export function relativeReferences(resource: Resource, base: string): Resource {
  return relativeElement(resource, '', base) as Resource;
}
