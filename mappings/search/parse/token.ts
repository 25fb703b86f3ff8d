import { SearchValueError } from './error.ts';
import { splitValue, unescapeValue } from './escape.ts';

export interface TokenValue {
  /** Null for `|code`: the value has no system. Absent: whatever system. */
  system?: string | null;
  /** Absent for `system|`: any code of the system. */
  code?: string;
}

/** Reads `code`, `system|code`, `|code` or `system|`, one alternative of a token search. Throws SearchValueError. */
export function parseToken(value: string): TokenValue {
  const [first = '', second, ...more] = splitValue(value, '|').map(unescapeValue);
  if (more.length > 0) throw new SearchValueError('Not a token: write code, system|code, |code or system|');
  if (first === '' && (second ?? '') === '') throw new SearchValueError('A token needs a code or a system');
  if (second === undefined) return { code: first };
  return { system: first === '' ? null : first, ...(second !== '' && { code: second }) };
}

export interface OfTypeValue {
  /** The same key as `ofType` of an indexed token. */
  ofType: string;
  code: string;
}

/** Reads `system|code|value`, one alternative of `identifier:of-type`. Throws SearchValueError. */
export function parseOfType(value: string): OfTypeValue {
  const [system, kind, code, ...more] = splitValue(value, '|').map(unescapeValue);
  if (system && kind && code && more.length === 0) return { ofType: `${system}|${kind}`, code };
  throw new SearchValueError(
    'The modifier of-type takes the system and code of a type, and a value: system|code|value',
  );
}
