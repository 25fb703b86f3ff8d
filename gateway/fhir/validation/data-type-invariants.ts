import type { Json, JsonObject } from '../resource.ts';

const UCUM = 'http://unitsofmeasure.org';

const has = (object: JsonObject, name: string): boolean =>
  object[name] !== undefined || object[`_${name}`] !== undefined;

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An invariant: its key and what it says, and whether an object keeps it. */
type Invariant = readonly [text: string, holds: (object: JsonObject) => boolean];

const qty3: Invariant = [
  'qty-3: If a code for the unit is present, the system is present as well',
  (quantity) => !has(quantity, 'code') || has(quantity, 'system'),
];

const codeForValue = (quantity: JsonObject): boolean => has(quantity, 'code') || !has(quantity, 'value');
const inSystem = (quantity: JsonObject, system: string): boolean =>
  quantity['system'] === undefined || quantity['system'] === system;

/** Whether one point in time is after another, as far as both are known. */
const isAfter = (one: string, other: string): boolean => {
  if (one.includes('T') && other.includes('T')) return Date.parse(one) > Date.parse(other);
  const common = Math.min(one.indexOf('T') >>> 0, other.indexOf('T') >>> 0, one.length, other.length);
  return one.slice(0, common) > other.slice(0, common);
};

const startsBeforeItEnds = ({ start, end }: JsonObject): boolean =>
  typeof start !== 'string' || typeof end !== 'string' || !isAfter(start, end);

const lowIsBelowHigh = ({ low, high }: JsonObject): boolean =>
  !isObject(low) ||
  !isObject(high) ||
  typeof low['value'] !== 'number' ||
  typeof high['value'] !== 'number' ||
  low['code'] !== high['code'] ||
  low['unit'] !== high['unit'] ||
  low['value'] <= high['value'];

/**
 * The invariants of R4's data types. @medplum/core evaluates those of resources, of backbone elements and of the elements
 * of data types, and not those of a data type as a whole. https://hl7.org/fhir/R4/datatypes.html
 */
const invariants: Readonly<Record<string, readonly Invariant[]>> = {
  Period: [['per-1: If present, start must not be after end', startsBeforeItEnds]],
  Quantity: [qty3],
  SimpleQuantity: [
    qty3,
    ['sqty-1: The comparator is not used here', (quantity) => !has(quantity, 'comparator')],
  ],
  MoneyQuantity: [
    qty3,
    [
      'mqty-1: There is a code if there is a value, and it is a currency of urn:iso:std:iso:4217',
      (quantity) => codeForValue(quantity) && inSystem(quantity, 'urn:iso:std:iso:4217'),
    ],
  ],
  Age: [
    qty3,
    [
      'age-1: There is a code if there is a value, and it is of UCUM; the value is positive',
      (age) =>
        codeForValue(age) && inSystem(age, UCUM) && (typeof age['value'] !== 'number' || age['value'] > 0),
    ],
  ],
  Count: [
    qty3,
    [
      'cnt-3: There is a code if there is a value, it is the 1 of UCUM, and the value is whole',
      (count) =>
        codeForValue(count) &&
        inSystem(count, UCUM) &&
        (count['code'] === undefined || count['code'] === '1') &&
        (typeof count['value'] !== 'number' || Number.isInteger(count['value'])),
    ],
  ],
  Distance: [
    qty3,
    [
      'dis-1: There is a code if there is a value, and it is of UCUM',
      (distance) => codeForValue(distance) && inSystem(distance, UCUM),
    ],
  ],
  Duration: [
    qty3,
    [
      'drt-1: A code is of UCUM and has a value',
      (duration) => !has(duration, 'code') || (duration['system'] === UCUM && has(duration, 'value')),
    ],
  ],
  Range: [['rng-2: If present, low must not be above high', lowIsBelowHigh]],
  Ratio: [
    [
      'rat-1: Numerator and denominator are both present, or both absent and there is an extension',
      (ratio) =>
        has(ratio, 'numerator') === has(ratio, 'denominator') &&
        (has(ratio, 'numerator') || has(ratio, 'extension')),
    ],
  ],
  Attachment: [
    [
      'att-1: If there is data, there is a contentType',
      (attachment) => !has(attachment, 'data') || has(attachment, 'contentType'),
    ],
  ],
  ContactPoint: [
    ['cpt-2: A value has a system', (contact) => !has(contact, 'value') || has(contact, 'system')],
  ],
  Expression: [
    [
      'exp-1: There is an expression or a reference',
      (expression) => has(expression, 'expression') || has(expression, 'reference'),
    ],
  ],
};

/** What an object of a data type breaks, each as `key: text`. */
export const brokenInvariants = (type: string, object: JsonObject): string[] =>
  (Object.hasOwn(invariants, type) ? (invariants[type] ?? []) : [])
    .filter(([, holds]) => !holds(object))
    .map(([text]) => text);
