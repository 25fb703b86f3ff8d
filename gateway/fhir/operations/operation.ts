import type { Services } from '../../services.ts';
import type { FhirRequest, FhirResponse } from '../request.ts';
import type { GivenParameters } from './given-parameters.ts';

/** Where an operation is called: `[base]/$name`, `[base]/Type/$name`, `[base]/Type/id/$name`. */
export type Level = 'system' | 'type' | 'instance';

/** Data types that a parameter may have; `Resource` stands for every type of resource. */
export type ParameterType = PrimitiveType | ComplexType;
export type PrimitiveType =
  'boolean' | 'canonical' | 'code' | 'date' | 'dateTime' | 'id' | 'instant' | 'integer' | 'string' | 'uri';
export type ComplexType = 'CodeableConcept' | 'Coding' | 'Identifier' | 'Meta' | 'Reference' | 'Resource';

/** What goes in. https://hl7.org/fhir/R4/operationdefinition-definitions.html#OperationDefinition.parameter */
export interface OperationParameter {
  name: string;
  type: ParameterType;
  min?: 1;
  /** `1` by default. */
  max?: '*';
  /** For people, in the OperationDefinition. */
  documentation?: string;
}

/** Runs an operation. Parameters have the types that its table row says; consent, as everywhere, is the handler's. */
export type OperationHandler = (
  request: FhirRequest,
  given: GivenParameters,
  services: Services,
) => Promise<FhirResponse>;

/** One row of the table: routes, the CapabilityStatement and our OperationDefinitions are made from it. */
export interface Operation {
  /** Without the `$`. */
  name: string;
  levels: readonly Level[];
  /** Resource types that have it at type and instance level; `all` but AuditEvent, whose resources are the server's own. */
  types: readonly string[] | 'all';
  /** Then it is called by POST alone. https://hl7.org/fhir/R4/operations.html#request */
  changesState: boolean;
  parameters: readonly OperationParameter[];
  /** Besides those, it takes search parameters, which it looks at itself. */
  takesSearch?: true;
  /** Canonical URL of the OperationDefinition; below OWN_DEFINITIONS it is ours to serve. */
  definition: string;
  /** One sentence, for the OperationDefinition. */
  title: string;
  run: OperationHandler;
}

/** Under which the OperationDefinitions are that HL7 has not published. */
export const OWN_DEFINITIONS = 'http://fhir-fabric-gateway.org/OperationDefinition/';
