import { isObject, type Json, type JsonObject } from '../../resource.ts';
import { listOf, textOf } from '../json.ts';
import type { Path } from '../path.ts';
import type { Rule } from './rule.ts';

const coding: Rule = (element, into) => {
  if (!isObject(element)) return;
  const system = textOf(element, 'system');
  const code = textOf(element, 'code');
  const text = textOf(element, 'display');
  if (system !== undefined || code !== undefined || text !== undefined)
    into.push({ kind: 'token', system, code, text });
};

const codeableConcept: Rule = (element, into, options) => {
  if (!isObject(element)) return;
  for (const each of listOf(element, 'coding')) coding(each, into, options);
  const text = textOf(element, 'text');
  if (text !== undefined) into.push({ kind: 'token', text });
};

const typeOf = (identifier: JsonObject): JsonObject | undefined => {
  const type = identifier['type'];
  return isObject(type) ? type : undefined;
};

// Once for each coding of its type, since `:of-type` names one of them with the value.
const identifier: Rule = (element, into) => {
  if (!isObject(element)) return;
  const system = textOf(element, 'system');
  const code = textOf(element, 'value');
  const type = typeOf(element);
  const text = type && textOf(type, 'text');
  const kinds = type === undefined ? [] : listOf(type, 'coding').filter(isObject);
  if (system === undefined && code === undefined && text === undefined) return;
  if (kinds.length === 0) into.push({ kind: 'token', system, code, text });
  for (const kind of kinds) into.push({ kind: 'token', system, code, text, ofType: ofTypeKey(kind) });
};

const ofTypeKey = (kind: JsonObject): string =>
  `${textOf(kind, 'system') ?? ''}|${textOf(kind, 'code') ?? ''}`;

// R4's table gives ContactPoint.use the place of the system: `phone=home|555-1234`.
const contactPoint: Rule = (element, into) => {
  const code = isObject(element) ? textOf(element, 'value') : undefined;
  if (isObject(element) && code !== undefined)
    into.push({ kind: 'token', system: textOf(element, 'use'), code });
};

const plain = (systemOf: (code: string) => string | undefined): Rule =>
  function code(element: Json, into) {
    if (typeof element === 'string' && element !== '')
      into.push({ kind: 'token', system: systemOf(element), code: element });
  };

const boolean: Rule = (element, into) => {
  if (typeof element === 'boolean') into.push({ kind: 'token', code: String(element) });
};

/** Which data types a token parameter finds. https://hl7.org/fhir/R4/search.html#token */
export function tokenRule(path: Path): Rule | undefined {
  const { system, systems } = path;
  switch (path.type) {
    case 'Coding':
      return coding;
    case 'CodeableConcept':
      return codeableConcept;
    case 'Identifier':
      return identifier;
    case 'ContactPoint':
      return contactPoint;
    case 'boolean':
      return boolean;
    case 'code':
      return plain(systems === undefined ? () => system : (code) => systems[code]);
    case 'string':
    case 'id':
    case 'uri':
      return plain(() => undefined);
    default:
      return undefined;
  }
}
