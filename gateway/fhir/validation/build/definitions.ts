import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Bundle, StructureDefinition, ValueSet } from '@medplum/fhirtypes';

/** FHIR R4 (4.0.1) as HL7 published it: the source of everything the validator is built from. */
export interface Definitions {
  /** Every type that can occur in a resource, by name: resources, complex types, primitives, the two kinds of Quantity. */
  readonly structures: ReadonlyMap<string, StructureDefinition>;
  /** The concrete resource types, sorted. */
  readonly resourceTypes: readonly string[];
  /** All codes of a value set; undefined if they can't be listed: media types, UCUM's units, LOINC's answers. */
  codes(valueSet: string): readonly Code[] | undefined;
}

export interface Code {
  system: string;
  code: string;
}

/** An expansion of this length was cut off by the server that made it. */
const CUT_OFF = 1000;

/** The folder of HL7's package of R4 examples, which also carries R4's definitions, unaltered. */
export const definitionsFolder = (): string =>
  path.dirname(createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json'));

const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;

/**
 * A structure's name in JSON and in FHIRPath. MoneyQuantity and SimpleQuantity are profiles of Quantity, yet elements
 * name them as if they were types.
 */
const nameOf = (structure: StructureDefinition): string | undefined => {
  if (structure.id === 'MoneyQuantity' || structure.id === 'SimpleQuantity') return structure.id;
  return structure.kind === 'logical' || structure.derivation === 'constraint' ? undefined : structure.type;
};

/** Reads the definitions; takes about half a second. */
export const readDefinitions = (folder: string = definitionsFolder()): Definitions => {
  const structures = new Map<string, StructureDefinition>();
  for (const file of readdirSync(folder)) {
    if (!/^StructureDefinition-.*\.json$/.test(file)) continue;
    const structure = readJson<StructureDefinition>(path.join(folder, file));
    const name = nameOf(structure);
    if (name !== undefined) structures.set(name, structure);
  }
  const expansions = new Map<string, readonly Code[]>();
  for (const { resource } of readJson<Bundle<ValueSet>>(path.join(folder, 'Bundle-valueset-expansions.json'))
    .entry ?? []) {
    const codes = resource?.expansion?.contains?.flatMap(({ system = '', code }) =>
      code === undefined ? [] : { system, code },
    );
    if (resource?.url !== undefined && codes !== undefined && codes.length < CUT_OFF)
      expansions.set(resource.url, codes);
  }
  return {
    structures,
    resourceTypes: [...structures]
      .filter(([, { kind, abstract }]) => kind === 'resource' && !abstract)
      .map(([name]) => name)
      .sort(),
    codes: (valueSet) => expansions.get(valueSet.replace(/\|.*$/, '')),
  };
};
