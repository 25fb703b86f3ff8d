import { numberSpan, type NumberSpan } from '../precision.ts';
import { SearchValueError } from './error.ts';
import { splitValue, unescapeValue } from './escape.ts';
import { splitPrefix, type Prefix } from './prefix.ts';

export interface NumberValue extends NumberSpan {
  prefix: Prefix;
}

export interface QuantityValue extends NumberValue {
  system?: string;
  /** Quantity.code; when there is no system, Quantity.code or Quantity.unit. */
  code?: string;
}

/** Reads `lt5.40`, one alternative of a number search, with the span of its precision. Throws SearchValueError. */
export function parseNumber(value: string): NumberValue {
  const { prefix, rest } = splitPrefix(unescapeValue(value));
  const span = numberSpan(rest);
  if (span !== undefined) return { prefix, ...span };
  throw new SearchValueError('Not a number: write a decimal such as 5.40 or 5.4e-3, after a prefix or none');
}

/** Reads `5.4`, `5.4|system|code` or `5.4||unit`, one alternative of a quantity search. Throws SearchValueError. */
export function parseQuantity(value: string): QuantityValue {
  const [number = '', system, code, ...more] = splitValue(value, '|');
  if (more.length > 0 || (system !== undefined && code === undefined))
    throw new SearchValueError('Not a quantity: write number, number|system|code or number||unit');
  return {
    ...parseNumber(number),
    ...(system && { system: unescapeValue(system) }),
    ...(code && { code: unescapeValue(code) }),
  };
}
