import { OperationOutcomeError, loadDataType, validateResource } from '@medplum/core';
import type {
  OperationOutcomeIssue,
  Resource as FhirResource,
  StructureDefinition,
} from '@medplum/fhirtypes';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Issue } from '../errors.ts';
import type { JsonObject } from '../resource.ts';
import type { Content } from './content.ts';
import { exists, typeOf } from './element-path.ts';
import { innerInvariants } from './inner-invariants.ts';
import { MOST_ISSUES } from './most-issues.ts';
import { ownInvariants } from './own-invariants.ts';
import { loadDefinitionOf } from './resource-definitions.ts';

/** Checks cardinality, invariants and the days of dates of a resource that has the right shape, and of those inside it. */
export type RuleCheck = (resource: JsonObject, content: Pick<Content, 'types' | 'inner'>) => Issue[];

const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;

/** Base64 may be broken into lines in FHIR; the check of its padding wants it whole. */
const withoutBlanks = (resource: JsonObject): JsonObject =>
  JSON.parse(JSON.stringify(resource), (name, value: unknown) =>
    typeof value === 'string' && /^(?:data|hash|.*Base64Binary)$/.test(name)
      ? value.replace(/\s/g, '')
      : value,
  ) as JsonObject;

const hasBlanks = (resource: JsonObject): boolean =>
  /"(?:data|hash|\w*Base64Binary)":"[^"]*(?:\s|\\[nrt])/.test(JSON.stringify(resource));

const errorsOf = (resource: JsonObject): OperationOutcomeIssue[] => {
  try {
    // The shape check went before: it is a resource of R4.
    validateResource(resource as unknown as FhirResource, { base64BinaryMaxBytes: Infinity });
    return [];
  } catch (error) {
    if (!(error instanceof OperationOutcomeError)) throw error;
    return (error.outcome.issue ?? []).filter(({ severity }) => severity === 'error' || severity === 'fatal');
  }
};

const toIssue = (resource: JsonObject, { code, details, expression }: OperationOutcomeIssue): Issue => {
  // A choice is named without the `[x]` of its definition.
  const at = (expression?.[0] ?? typeOf(resource)).replaceAll('[x]', '');
  const missing = code === 'structure' && !exists(resource, at);
  return {
    severity: 'error',
    code: code === 'invariant' ? 'invariant' : missing ? 'required' : 'value',
    diagnostics: missing ? 'This element is required' : (details?.text ?? 'Breaks a rule of FHIR'),
    expression: [at],
  };
};

/**
 * The rules of R4's StructureDefinitions, evaluated by @medplum/core. The definitions of the data types are loaded at
 * once (30 ms), that of a resource type when the first such resource comes (about 2 ms).
 */
export const loadRuleCheck = (folder: string): RuleCheck => {
  for (const dataType of readJson<StructureDefinition[]>(path.join(folder, 'data-types.json')))
    loadDataType(dataType);
  return (resource, { types, inner }) => {
    for (const type of types) loadDefinitionOf(type, folder);
    let errors = errorsOf(resource);
    if (errors.length > 0 && hasBlanks(resource)) errors = errorsOf(withoutBlanks(resource));
    const issues = errors.slice(0, MOST_ISSUES).map((error) => toIssue(resource, error));
    return [...issues, ...innerInvariants(resource, inner), ...ownInvariants(resource)].slice(0, MOST_ISSUES);
  };
};
