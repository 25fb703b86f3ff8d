import type { ParameterType, PrimitiveType } from './operation.ts';

const DATE = String.raw`[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?`;
const TIME = String.raw`T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])`;

/** How each type is written. https://hl7.org/fhir/R4/datatypes.html#primitive */
const WRITTEN: Readonly<Record<PrimitiveType, RegExp>> = {
  boolean: /^(true|false)$/,
  canonical: /^\S+$/,
  code: /^\S+( \S+)*$/,
  date: new RegExp(`^${DATE}$`),
  dateTime: new RegExp(`^${DATE}(${TIME})?$`),
  id: /^[A-Za-z0-9.-]{1,64}$/,
  instant: new RegExp(`^${DATE}${TIME}$`),
  integer: /^-?[0-9]{1,9}$/,
  string: /\S/,
  uri: /^\S+$/,
};

export function isPrimitive(type: ParameterType): type is PrimitiveType {
  return Object.hasOwn(WRITTEN, type);
}

/** Whether a text is not a value of the type. */
export const primitiveFault = (type: PrimitiveType, text: string): boolean => !WRITTEN[type].test(text);
