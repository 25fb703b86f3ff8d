import type { ElementDefinition, ElementDefinitionType } from '@medplum/fhirtypes';
import type { Definitions } from './definitions.ts';
import { primitives } from './primitives.ts';
import type { Schema } from './primitives.ts';

const ref = (name: string): Schema => ({ $ref: `#/definitions/${name}` });
const capitalize = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

const FHIR_TYPE = 'http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type';
const SYSTEM = 'http://hl7.org/fhirpath/System.';

/** `Observation.value[x]` and its children `Observation.value[x].x` → the parent's path and the own name. */
const split = (elementPath: string): [parent: string, name: string] => {
  const dot = elementPath.lastIndexOf('.');
  return [elementPath.slice(0, dot), elementPath.slice(dot + 1)];
};

/** Elements that JSON can't extend by `_name`: ids, Extension.url and the narrative's XHTML. */
const isPlain = (type: ElementDefinitionType): boolean =>
  type.code?.startsWith(SYSTEM) === true || type.code === 'xhtml';

const typeName = (type: ElementDefinitionType, element: ElementDefinition, resource: boolean): string => {
  if (!type.code?.startsWith(SYSTEM)) return type.code ?? '';
  // R4 says that the id of a resource is a string; its text says that it is an id.
  if (resource && split(element.path ?? '')[1] === 'id' && split(element.path ?? '')[0].indexOf('.') < 0)
    return 'id';
  return type.extension?.find(({ url }) => url === FHIR_TYPE)?.valueUrl ?? 'string';
};

/**
 * JSON Schema of R4's resources and types, from HL7's StructureDefinitions. A definition a type or backbone element,
 * by path (`Observation.component`), and one a list of required codes. It says what JSON may be there: names, kinds,
 * formats, codes, one value a choice. What must be there is left to the rules, which know about `_name` and data-absent.
 */
export const buildSchema = (definitions: Definitions): Schema => {
  const schemas: Record<string, Schema> = {};
  // Lists are definitions as well: written out at each element they would triple the size of the validator.
  const list = (name: string): Schema => {
    schemas[`${name}.list`] ??= { type: 'array', minItems: 1, items: ref(name) };
    return ref(`${name}.list`);
  };
  for (const [name, schema] of Object.entries(primitives)) {
    schemas[name] = schema;
    // In a list of primitives, null stands where only `_name` has something. https://hl7.org/fhir/R4/json.html#primitive
    schemas[`${name}.orNull`] = { anyOf: [{ type: 'null' }, schema] };
  }

  /** The definition of a code, or of a CodeableConcept, that must be from a list; undefined if it need not. */
  const required = (type: string, element: ElementDefinition): string | undefined => {
    const valueSet = element.binding?.strength === 'required' ? element.binding.valueSet : undefined;
    const allowed = valueSet === undefined ? undefined : definitions.codes(valueSet);
    if (valueSet === undefined || allowed === undefined) return undefined;
    const list = valueSet.replace(/^.*\//, '').replace(/\|.*$/, '');
    if (type === 'code') {
      const name = `codes.${list}`;
      schemas[name] = { type: 'string', enum: allowed.map(({ code }) => code) };
      schemas[`${name}.orNull`] = { anyOf: [{ type: 'null' }, ref(name)] };
      return name;
    }
    if (type !== 'CodeableConcept') return undefined;
    const name = `concepts.${list}`;
    const codings = allowed.map(({ system, code }) => `${system}|${code}`);
    schemas[name] = { allOf: [ref('CodeableConcept')], anyCoding: codings };
    return name;
  };

  for (const [typeOfStructure, structure] of definitions.structures) {
    if (structure.kind === 'primitive-type' || structure.abstract === true) continue;
    const isResource = structure.kind === 'resource';
    const elements = structure.snapshot?.element ?? [];
    // The two profiles of Quantity have its paths, but are definitions of their own.
    const rename = (elementPath: string): string => elementPath.replace(/^[^.]+/, typeOfStructure);
    const parents = new Map<
      string,
      { properties: Record<string, Schema>; choices: Record<string, [number, string]> }
    >();
    const parent = (name: string) => {
      const found = parents.get(name) ?? { properties: {}, choices: {} };
      parents.set(name, found);
      return found;
    };
    const withChildren = new Set(elements.map(({ path = '' }) => split(path)[0]));

    let choiceCount = 0;
    for (const element of elements.slice(1)) {
      const elementPath = element.path ?? '';
      if (element.id?.includes(':') === true || element.max === '0') continue;
      const [parentPath, name] = split(elementPath);
      const { properties, choices } = parent(rename(parentPath));
      const many = (element.base?.max ?? element.max) !== '1';
      const put = (key: string, target: string, extensible: boolean): void => {
        properties[key] = many ? list(extensible ? `${target}.orNull` : target) : ref(target);
        if (extensible) properties[`_${key}`] = many ? list('Element.orNull') : ref('Element');
      };
      if (element.contentReference !== undefined) {
        put(name, rename(element.contentReference.slice(1)), false);
        continue;
      }
      const isChoice = name.endsWith('[x]');
      if (isChoice) choiceCount++;
      for (const type of element.type ?? []) {
        const code = typeName(type, element, isResource);
        const key = isChoice ? name.slice(0, -3) + capitalize(code) : name;
        if (isChoice) choices[key] = [choiceCount, key];
        if (code in primitives) {
          put(key, required(code, element) ?? code, !isPlain(type));
          if (isChoice) choices[`_${key}`] = [choiceCount, key];
        } else
          put(
            key,
            required(code, element) ?? (withChildren.has(elementPath) ? rename(elementPath) : code),
            false,
          );
      }
    }
    for (const [name, { properties, choices }] of parents) {
      if (isResource && name === typeOfStructure) properties['resourceType'] = { const: name };
      schemas[name] = {
        type: 'object',
        ...(Object.keys(choices).length > 0 && { choices }),
        ...(isResource && name === typeOfStructure && { required: ['resourceType'] }),
        properties,
        additionalProperties: false,
      };
    }
  }

  schemas['Element'] = {
    type: 'object',
    properties: { id: ref('string'), extension: list('Extension') },
    additionalProperties: false,
  };
  schemas['Element.orNull'] = { anyOf: [{ type: 'null' }, ref('Element')] };
  schemas['Resource'] = {
    type: 'object',
    required: ['resourceType'],
    discriminator: { propertyName: 'resourceType' },
    oneOf: definitions.resourceTypes.map(ref),
  };
  return { $id: 'http://hl7.org/fhir/R4', definitions: schemas };
};
