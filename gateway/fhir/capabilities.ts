import { RESOURCE_TYPES, typeRow } from '@fhir-fabric-gateway/chaincode/api';
import { parametersOf } from '@fhir-fabric-gateway/mappings';
import { isAuditParameter } from '../audit/index.ts';
import { isSupported, revIncludesOf } from '../index-store/index.ts';
import { isDefinitionParameter } from '../terminology/index.ts';
import { JSON_PATCH } from './http/media-type.ts';
import { EXPLAIN_URL } from './operations/explain-definition.ts';
import { offeredOperations } from './operations/offered.ts';
import { TERMINOLOGY_OPERATIONS } from './operations/terminology/routes.ts';
import { COMPARTMENTS, ROUTES } from './routes.ts';

const TYPE_INTERACTIONS = [
  'read',
  'vread',
  'update',
  'patch',
  'delete',
  'history-instance',
  'create',
  'search-type',
];
const READ_ONLY = ['read', 'search-type'];

export interface CapabilityOptions {
  fhirBase: string;
  baseUrl: string;
  version: string;
  /** When the software was started, as an instant. */
  date: string;
}

/** What this server does, made from the route table. https://hl7.org/fhir/R4/capabilitystatement.html */
export function capabilityStatement({ fhirBase, baseUrl, version, date }: CapabilityOptions): string {
  const offered = new Set(ROUTES.map(({ interaction }) => interaction as string));
  return JSON.stringify({
    resourceType: 'CapabilityStatement',
    status: 'active',
    date,
    kind: 'instance',
    software: { name: 'fhir-fabric-gateway', version },
    implementation: { description: 'FHIR gateway: consent enforced by a ledger', url: fhirBase },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    patchFormat: [JSON_PATCH, 'application/fhir+json'],
    rest: [
      {
        mode: 'server',
        documentation: "A patient's Consent is the grant on the ledger; every interaction is audited.",
        security: security(baseUrl),
        resource: RESOURCE_TYPES.map((type) => resourceOf(type, offered)),
        compartment: COMPARTMENTS.map(
          (type) =>
            `http://hl7.org/fhir/CompartmentDefinition/${type.charAt(0).toLowerCase()}${type.slice(1)}`,
        ),
        ...offeredOperations('system'),
        interaction: ['transaction', 'batch', 'search-system']
          .filter((code) => offered.has(code) || code === 'batch')
          .map((code) => ({ code })),
      },
    ],
  });
}

function security(baseUrl: string): object {
  const system = 'http://terminology.hl7.org/CodeSystem/restful-security-service';
  return {
    cors: true,
    service: [{ coding: [{ system, code: 'SMART-on-FHIR' }], text: 'SMART App Launch' }],
    extension: [
      {
        url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
        extension: [
          { url: 'authorize', valueUri: `${baseUrl}/oauth/authorize` },
          { url: 'token', valueUri: `${baseUrl}/oauth/token` },
        ],
      },
    ],
  };
}

function resourceOf(type: string, offered: ReadonlySet<string>): object {
  const definitional = typeRow(type)?.homes[0] === 'definitional';
  const auditEvent = type === 'AuditEvent';
  const readOnly = auditEvent || definitional;
  const interactions = readOnly ? READ_ONLY : TYPE_INTERACTIONS;
  const parameters = parametersOf(type).filter(
    (parameter) =>
      isSupported(parameter) &&
      (!auditEvent || isAuditParameter(parameter.code)) &&
      (!definitional || isDefinitionParameter(type, parameter)),
  );
  const references = parameters
    .filter(({ type: kind }) => kind === 'reference')
    .map(({ code }) => `${type}:${code}`);
  return {
    type,
    interaction: interactions.filter((code) => offered.has(code)).map((code) => ({ code })),
    versioning: readOnly ? 'no-version' : 'versioned',
    readHistory: !readOnly,
    updateCreate: !readOnly,
    conditionalCreate: !readOnly,
    conditionalRead: readOnly ? 'not-supported' : 'full-support',
    conditionalUpdate: !readOnly,
    conditionalDelete: readOnly || type === 'Patient' ? 'not-supported' : 'single',
    referencePolicy: ['literal', 'logical'],
    ...(references.length > 0 && !readOnly && { searchInclude: ['*', ...references] }),
    ...(!readOnly && { searchRevInclude: ['*', ...revIncludesOf(type)] }),
    searchParam: parameters.map(({ code, type: kind, url }) => ({ name: code, definition: url, type: kind })),
    ...operationsOf(type),
  };
}

/** The operations of a type; those of terminology are HL7's own, whose definitions can be read here. */
function operationsOf(type: string): object {
  const { operation = [] } = offeredOperations('type', type);
  const terminology = TERMINOLOGY_OPERATIONS.filter((one) => one.type === type).map(({ name }) => ({
    name,
    definition: `http://hl7.org/fhir/OperationDefinition/${type}-${name}`,
  }));
  const explain = type === 'Consent' ? [{ name: 'explain', definition: EXPLAIN_URL }] : [];
  const all = [...operation, ...terminology, ...explain];
  return all.length > 0 ? { operation: all } : {};
}
