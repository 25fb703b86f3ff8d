import { RESOURCE_TYPES } from '@fhir-fabric-gateway/chaincode/api';
import { capabilityStatement } from './capabilities.ts';
import { createValidator, type Validator } from './validation/validator.ts';

interface Statement {
  resourceType: string;
  rest: { resource: { type: string; interaction: { code: string }[]; searchParam: { name: string }[] }[] }[];
}

const statement = JSON.parse(
  capabilityStatement({
    fhirBase: 'http://here/fhir/R4',
    baseUrl: 'http://here',
    version: '1',
    date: '2026-01-01T00:00:00Z',
  }),
) as Statement;

test('the CapabilityStatement is valid R4 and has every resource type', () => {
  const validator: Validator = createValidator();
  expect(validator.validate({ ...statement } as Parameters<Validator['validate']>[0])).toEqual([]);
  expect(statement.rest[0]?.resource.map(({ type }) => type)).toEqual(RESOURCE_TYPES);
});

test('AuditEvents and definitions are read-only', () => {
  const codes = (name: string) =>
    statement.rest[0]?.resource.find(({ type }) => type === name)?.interaction.map(({ code }) => code);
  expect(codes('AuditEvent')).toEqual(['read', 'search-type']);
  expect(codes('ValueSet')).not.toContain('create');
  expect(codes('Observation')).toContain('create');
});
