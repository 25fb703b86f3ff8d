import { isObject } from '../../clients/resource.ts';

/** What a server says of its own work, and the clock. */
const NOT_TELLING = ['versionId', 'lastUpdated', 'total'];
/** Elements that name somebody, however short. */
const NAMING = ['family', 'given', 'value', 'birthDate'];
const LONG = 40;

/**
 * The texts in a resource, at any depth, that would tell what or whom it is about: names, numbers, displays, dates,
 * references. Not codes that are a common word, nor points in time from `since` on, which logs have of their own. Of long
 * texts the beginning: logs cut.
 */
export function tellingTexts(resource: unknown, since: Date): Set<string> {
  const found = new Set<string>();
  collect(resource, '', since.toISOString(), found);
  return found;
}

function collect(value: unknown, name: string, since: string, found: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) collect(item, name, since, found);
  else if (isObject(value)) {
    for (const [member, inner] of Object.entries(value))
      if (!NOT_TELLING.includes(member)) collect(inner, member, since, found);
  } else if (typeof value === 'string' && isTelling(value, name, since))
    found.add(value.length > LONG ? value.slice(0, LONG) : value);
}

function isTelling(text: string, name: string, since: string): boolean {
  if (/^\d{4}-\d\d-\d\dT/.test(text) && text >= since.slice(0, 10)) return false;
  if (/^\d+$/.test(text)) return text.length >= 10;
  if (NAMING.includes(name) && /[^a-z]/.test(text)) return text.length >= 5;
  // A single word: a code such as `final`, or a word that any log may say.
  if (/^[A-Za-z-]+$/.test(text)) return false;
  return text.length >= 8;
}
