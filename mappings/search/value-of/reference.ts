import { isObject, type Json } from '../../resource.ts';
import { textOf } from '../json.ts';
import { referenceTarget } from '../reference-target.ts';
import type { Path } from '../path.ts';
import type { Rule } from './rule.ts';

function identifierOf(identifier: Json | undefined): { system?: string; value?: string } | undefined {
  if (!isObject(identifier)) return undefined;
  const system = textOf(identifier, 'system');
  const value = textOf(identifier, 'value');
  return system === undefined && value === undefined ? undefined : { system, value };
}

const reference: Rule = (element, into, { baseUrl }) => {
  if (!isObject(element)) return;
  const target = referenceTarget(textOf(element, 'reference') ?? '', baseUrl);
  const identifier = identifierOf(element['identifier']);
  if (target === undefined && identifier === undefined) return;
  const type = target === undefined ? textOf(element, 'type') : undefined;
  into.push({ kind: 'reference', ...(type && { type }), ...target, ...(identifier && { identifier }) });
};

const canonical: Rule = (element, into, { baseUrl }) => {
  const target = typeof element === 'string' ? referenceTarget(element, baseUrl) : undefined;
  if (target !== undefined) into.push({ kind: 'reference', ...target });
};

// Bundle.composition and Bundle.message: the resource itself, inside the Bundle.
const resource: Rule = (element, into) => {
  if (!isObject(element)) return;
  const type = textOf(element, 'resourceType');
  const id = textOf(element, 'id');
  if (type !== undefined && id !== undefined) into.push({ kind: 'reference', type, id });
};

/** Which data types a reference parameter finds. https://hl7.org/fhir/R4/search.html#reference */
export function referenceRule(path: Path): Rule | undefined {
  switch (path.type) {
    case 'Reference':
      return reference;
    case 'canonical':
    case 'uri':
      return canonical;
    case 'Resource':
      return resource;
    default:
      return undefined;
  }
}
