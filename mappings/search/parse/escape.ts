import { SearchValueError } from './error.ts';

/**
 * Splits a search value at a separator that isn't escaped: `,` between alternatives, `$` between the parts of a
 * composite, `|` inside a token. The pieces keep their escapes, for the next split.
 * https://hl7.org/fhir/R4/search.html#escaping
 */
export function splitValue(value: string, separator: ',' | '$' | '|'): string[] {
  const pieces: string[] = [];
  let from = 0;
  for (let at = 0; at < value.length; at++) {
    const character = value.charAt(at);
    if (character === '\\') at++;
    else if (character === separator) {
      pieces.push(value.slice(from, at));
      from = at + 1;
    }
  }
  pieces.push(value.slice(from));
  return pieces;
}

/** Resolves `\,`, `\$`, `\|` and `\\`. Throws SearchValueError for any other use of `\`. */
export function unescapeValue(piece: string): string {
  if (!piece.includes('\\')) return piece;
  return piece.replaceAll(/\\([\s\S]?)/g, (_, escaped: string) => {
    if (escaped === '' || !',$|\\'.includes(escaped))
      throw new SearchValueError('A \\ stands before , $ | or another \\ only');
    return escaped;
  });
}

/** Escapes text so that it stands for itself in a search value. */
export const escapeValue = (text: string): string => text.replaceAll(/[\\,$|]/g, '\\$&');
