import { badValue } from './condition.ts';

/** What a reference parameter names; without `type`, a resource of any type. */
export interface Named {
  type?: string;
  id: string;
  version?: number;
}

const RELATIVE = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/(\d{1,15}))?$/;
const ID = /^[A-Za-z0-9.-]{1,64}$/;

/**
 * Reads a value of a reference parameter: `id`, `Type/id`, `Type/id/_history/n`, or one of these under the base.
 * Undefined when it is elsewhere. https://hl7.org/fhir/R4/search.html#reference
 */
export function named(name: string, alternative: string, baseUrl: string, type?: string): Named | undefined {
  const local = alternative.startsWith(`${baseUrl}/`) ? alternative.slice(baseUrl.length + 1) : alternative;
  const relative = RELATIVE.exec(local);
  if (relative?.[1] !== undefined && relative[2] !== undefined) {
    if (type !== undefined && type !== relative[1]) return undefined;
    return {
      type: relative[1],
      id: relative[2],
      ...(relative[3] !== undefined && { version: Number(relative[3]) }),
    };
  }
  if (ID.test(local)) return { ...(type !== undefined && { type }), id: local };
  if (/^[a-z][a-z0-9+.-]*:/i.test(alternative)) return undefined;
  throw badValue(name, alternative, 'is not a reference');
}
