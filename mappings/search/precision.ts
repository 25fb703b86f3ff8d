import { isObject, type Json } from '../resource.ts';

/** A number with the span of its precision: `low` is in it, `high` just out of it. */
export interface NumberSpan {
  value: number;
  low: number;
  high: number;
}

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/;
const EXACT_POWERS = 22;

/**
 * A decimal as written: 100 covers 99.5 to 100.5, 100.00 covers 99.995 to 100.005. In exponential form the span is a
 * tenth of that, by the example of the specification: 1e2 covers 95 to 105.
 * Undefined if it isn't a decimal, or too large for a number. https://hl7.org/fhir/R4/search.html#number
 */
export function numberSpan(text: string): NumberSpan | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent] = match;
  // -0 is 0 to everyone who searches.
  const value = Number(text) + 0;
  if (!Number.isFinite(value)) return undefined;
  // Half a unit of the last place, as 5 of the place below it.
  const place = fraction.length + 1 + (exponent === undefined ? 0 : 1 - Number(exponent));
  const digits = Number(sign + whole + fraction) * (exponent === undefined ? 10 : 100);
  // With whole numbers and one division, the ends are the same doubles that their own decimals are read as.
  if (Number.isSafeInteger(digits) && place >= 0 && place <= EXACT_POWERS) {
    const scale = 10 ** place;
    return { value, low: (digits - 5) / scale, high: (digits + 5) / scale };
  }
  const half = 5 * 10 ** -place;
  return { value, low: value - half, high: value + half };
}

const literalOf = (json: Json | undefined): string | undefined => {
  const literal = isObject(json) ? json['rawJSON'] : undefined;
  return typeof literal === 'string' ? literal : undefined;
};

/**
 * The same for a number in JSON. One that was parsed has lost the zeros at its end, 2.0 is 2; one kept as
 * `JSON.rawJSON('2.0')` has them. Undefined for what isn't a number.
 */
export function jsonNumberSpan(json: Json | undefined): NumberSpan | undefined {
  if (typeof json !== 'number') return numberSpan(literalOf(json) ?? '');
  if (Number.isSafeInteger(json)) return { value: json + 0, low: json - 0.5, high: json + 0.5 };
  return numberSpan(String(json));
}
