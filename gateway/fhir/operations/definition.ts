import type { FhirRequest, FhirResponse } from '../request.ts';
import type { Resource } from '../resource.ts';
import { OWN_DEFINITIONS, type Operation } from './operation.ts';

/**
 * An operation's OperationDefinition, https://hl7.org/fhir/R4/operationdefinition.html; undefined when its definition is
 * HL7's.
 */
export function operationDefinition({
  name,
  levels,
  types,
  changesState,
  parameters,
  definition,
  title,
}: Operation): { resourceType: string; id: string; [element: string]: unknown } | undefined {
  if (!definition.startsWith(OWN_DEFINITIONS)) return undefined;
  return {
    resourceType: 'OperationDefinition',
    id: definition.slice(OWN_DEFINITIONS.length),
    url: definition,
    name: name.replaceAll('-', '_'),
    title,
    status: 'active',
    kind: 'operation',
    affectsState: changesState,
    code: name,
    ...(types !== 'all' && types.length > 0 && { resource: types }),
    ...(types === 'all' && { resource: ['Resource'] }),
    system: levels.includes('system'),
    type: levels.includes('type'),
    instance: levels.includes('instance'),
    parameter: [
      ...parameters.map(({ name: parameter, type, min = 0, max = '1', documentation }) => ({
        name: parameter,
        use: 'in',
        min,
        max,
        ...(documentation !== undefined && { documentation }),
        type: type === 'Resource' ? 'Any' : type,
      })),
      { name: 'return', use: 'out', min: 1, max: '1', type: 'Any' },
    ],
  };
}

/**
 * Answers `OperationDefinition/<id>` for the operations that are our own, `more` being those that stand in no table: for
 * everybody who is logged in.
 */
export function readOwnDefinition(
  operations: readonly Operation[],
  more: readonly Resource[] = [],
): (request: FhirRequest) => FhirResponse | undefined {
  const definitions = new Map(
    [...operations.map(operationDefinition), ...more]
      .filter((one) => one !== undefined)
      .map((one) => [String(one['id']), JSON.stringify(one)]),
  );
  return ({ id = '' }) => {
    const body = definitions.get(id);
    return body === undefined ? undefined : { status: 200, headers: {}, body };
  };
}
