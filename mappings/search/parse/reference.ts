import { referenceTarget, type ReferenceTarget } from '../reference-target.ts';
import { SearchValueError } from './error.ts';
import { unescapeValue } from './escape.ts';

export type ReferenceValue =
  ReferenceTarget | { id: string; type?: undefined; version?: undefined; url?: undefined };

const ID = /^[A-Za-z0-9\-.]{1,64}$/;
const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/;

/**
 * Reads `id`, `Type/id`, `Type/id/_history/version`, an absolute URL or a canonical, one alternative of a reference
 * search. An absolute URL below `baseUrl` becomes a relative one. Throws SearchValueError.
 */
export function parseReference(value: string, baseUrl?: string): ReferenceValue {
  // A canonical's version follows a bar, which a client may have escaped or not.
  const text = unescapeValue(value);
  if (ID.test(text)) return { id: text };
  const target = referenceTarget(text, baseUrl);
  if (target !== undefined && (target.type !== undefined || ABSOLUTE.test(text))) return target;
  throw new SearchValueError('Not a reference: write an id, Type/id or an absolute URL');
}
