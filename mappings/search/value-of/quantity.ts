import { isObject, type Json, type JsonObject } from '../../resource.ts';
import { textOf } from '../json.ts';
import { jsonNumberSpan, type NumberSpan } from '../precision.ts';
import type { Path } from '../path.ts';
import type { Rule } from './rule.ts';

const CURRENCIES = 'urn:iso:std:iso:4217';

const numberIn = (element: JsonObject, name: string): NumberSpan | undefined => jsonNumberSpan(element[name]);

const units = (element: JsonObject): { system?: string; code?: string; unit?: string } => ({
  system: textOf(element, 'system'),
  code: textOf(element, 'code'),
  unit: textOf(element, 'unit'),
});

/** `<5` is somewhere below 5. */
function compared(span: NumberSpan, comparator: string | undefined): NumberSpan {
  switch (comparator) {
    case '<':
    case '<=':
      return { ...span, low: -Infinity, high: span.value };
    case '>':
    case '>=':
      return { ...span, low: span.value, high: Infinity };
    default:
      return span;
  }
}

const quantity: Rule = (element, into) => {
  if (!isObject(element)) return;
  const span = numberIn(element, 'value');
  if (span === undefined) return;
  into.push({ kind: 'quantity', ...compared(span, textOf(element, 'comparator')), ...units(element) });
};

const money: Rule = (element, into) => {
  const span = isObject(element) ? numberIn(element, 'value') : undefined;
  if (isObject(element) && span !== undefined)
    into.push({ kind: 'quantity', ...span, system: CURRENCIES, code: textOf(element, 'currency') });
};

/** From the lower end of one number to the upper end of another; a missing one is open. */
function between(low: NumberSpan | undefined, high: NumberSpan | undefined): NumberSpan | undefined {
  const value = (low ?? high)?.value;
  return value === undefined
    ? undefined
    : { value, low: low?.low ?? -Infinity, high: high?.high ?? Infinity };
}

const part = (element: JsonObject, name: string): JsonObject | undefined => {
  const value = element[name];
  return isObject(value) ? value : undefined;
};

function rangeSpan(element: Json): { span: NumberSpan; of: JsonObject } | undefined {
  if (!isObject(element)) return undefined;
  const low = part(element, 'low');
  const high = part(element, 'high');
  const span = between(low && numberIn(low, 'value'), high && numberIn(high, 'value'));
  const of = low ?? high;
  return span === undefined || of === undefined ? undefined : { span, of };
}

const range: Rule = (element, into) => {
  const found = rangeSpan(element);
  if (found !== undefined) into.push({ kind: 'quantity', ...found.span, ...units(found.of) });
};

// From the least to the greatest of the samples; E, U and L stand for samples that have no value.
const sampledData: Rule = (element, into) => {
  const origin = isObject(element) ? part(element, 'origin') : undefined;
  const data = isObject(element) ? textOf(element, 'data') : undefined;
  if (!isObject(element) || origin === undefined || data === undefined) return;
  const zero = numberIn(origin, 'value')?.value ?? 0;
  const factor = numberIn(element, 'factor')?.value ?? 1;
  let least = Infinity;
  let most = -Infinity;
  for (const sample of data.split(' ')) {
    const value = sample === '' ? NaN : zero + Number(sample) * factor;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const span = least <= most ? between(jsonNumberSpan(least), jsonNumberSpan(most)) : undefined;
  if (span !== undefined) into.push({ kind: 'quantity', ...span, ...units(origin) });
};

/** Which data types a quantity parameter finds. https://hl7.org/fhir/R4/search.html#quantity */
export function quantityRule(path: Path): Rule | undefined {
  switch (path.type) {
    case 'Quantity':
    case 'Age':
    case 'Count':
    case 'Distance':
    case 'Duration':
      return quantity;
    case 'Money':
      return money;
    case 'Range':
      return range;
    case 'SampledData':
      return sampledData;
    default:
      return undefined;
  }
}

const number: Rule = (element, into) => {
  const span = jsonNumberSpan(element);
  if (span !== undefined) into.push({ kind: 'number', ...span });
};

const numberRange: Rule = (element, into) => {
  const found = rangeSpan(element);
  if (found !== undefined) into.push({ kind: 'number', ...found.span });
};

/** Which data types a number parameter finds. https://hl7.org/fhir/R4/search.html#number */
export function numberRule(path: Path): Rule | undefined {
  switch (path.type) {
    case 'decimal':
    case 'integer':
    case 'positiveInt':
    case 'unsignedInt':
      return number;
    case 'Range':
      return numberRange;
    default:
      return undefined;
  }
}
