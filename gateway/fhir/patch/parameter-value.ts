import { getElementDefinition, type InternalSchemaElement } from '@medplum/core';
import type { Json, JsonObject } from '../resource.ts';
import { isObject } from '../write/draft.ts';
import { unprocessable } from './unprocessable.ts';

/** What an element is called in JSON and holds, and what R4 says of it. */
export interface Element {
  /** `valueQuantity` for `value` given as a Quantity. */
  key: string;
  isArray: boolean;
  value: Json;
}

/** R4's definition of a type's element; undefined when it has none. */
export function definitionOf(type: string, name: string): InternalSchemaElement | undefined {
  if (!/^[a-z][A-Za-z0-9]*$/.test(name)) return undefined;
  try {
    return getElementDefinition(type, name);
  } catch {
    return undefined;
  }
}

export const partsOf = (parameter: JsonObject, name: string): JsonObject[] =>
  ((parameter['part'] ?? []) as Json[]).filter(isObject).filter((part) => part['name'] === name);

/** The one `value[x]` of a parameter. */
export const valueKey = (parameter: JsonObject): string | undefined =>
  Object.keys(parameter).find((key) => /^value[A-Z]/.test(key));

/**
 * The element `name` of a `type` as a parameter has its value: a `value[x]`, or parts for the elements of one that has no
 * type of its own. https://hl7.org/fhir/R4/fhirpatch.html
 * @throws FhirError 422, which names the parameter (`expression`)
 */
export function elementOf(type: string, name: string, given: JsonObject, expression: string): Element {
  const definition = definitionOf(type, name);
  if (!definition) throw unprocessable(`${type} has no element ${name}.`, expression);
  const typed = valueKey(given);
  if (typed !== undefined) {
    const isChoice = definition.path.endsWith(`.${name}[x]`);
    return {
      key: isChoice ? name + typed.slice('value'.length) : name,
      isArray: definition.isArray === true,
      value: given[typed] ?? null,
    };
  }
  const [own] = definition.type;
  const parts = ((given['part'] ?? []) as Json[]).filter(isObject);
  if (parts.length === 0 || !own) throw unprocessable(`The value of ${name} is missing.`, expression);
  const value: JsonObject = {};
  for (const part of parts) {
    const inner = elementOf(own.code, String(part['name']), part, expression);
    const known = value[inner.key];
    if (!inner.isArray) value[inner.key] = inner.value;
    else if (Array.isArray(known)) known.push(inner.value);
    else value[inner.key] = [inner.value];
  }
  return { key: name, isArray: definition.isArray === true, value };
}
