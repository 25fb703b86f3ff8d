import { dateSpan, type DateSpan } from '../date-span.ts';
import { SearchValueError } from './error.ts';
import { unescapeValue } from './escape.ts';
import { splitPrefix, type Prefix } from './prefix.ts';

export interface DateValue extends DateSpan {
  prefix: Prefix;
}

/** Reads `ge2013-01`, one alternative of a date search, as the span that it covers. Throws SearchValueError. */
export function parseDate(value: string): DateValue {
  const { prefix, rest } = splitPrefix(unescapeValue(value));
  const span = dateSpan(rest);
  if (span !== undefined) return { prefix, ...span };
  const plus = rest.includes(' ') ? '; the + of a time zone is written %2B in a URL' : '';
  throw new SearchValueError(
    `Not a date: write YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss and a time zone, after a prefix or none${plus}`,
  );
}
