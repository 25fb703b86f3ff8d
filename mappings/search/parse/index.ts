export { parseNear, type NearValue } from './near.ts';
export { SearchValueError } from './error.ts';
export { escapeValue, splitValue, unescapeValue } from './escape.ts';
export { splitPrefix, type Prefix } from './prefix.ts';
export { parseDate, type DateValue } from './date.ts';
export { parseNumber, parseQuantity, type NumberValue, type QuantityValue } from './number.ts';
export { parseOfType, parseToken, type OfTypeValue, type TokenValue } from './token.ts';
export { parseReference, type ReferenceValue } from './reference.ts';
