import { compartmentParameters, parameterOf, parametersOf, searchableTypes } from './table.ts';

test('a type has its own parameters and those of every resource', () => {
  const codes = parametersOf('Observation').map(({ code }) => code);
  expect(codes).toHaveLength(47);
  expect(codes).toEqual(
    expect.arrayContaining(['_id', '_lastUpdated', '_tag', '_profile', '_security', '_source']),
  );
  expect(codes).toEqual(
    expect.arrayContaining(['_text', '_content', 'code', 'patient', 'code-value-quantity']),
  );
  expect(parametersOf('Binary').map(({ code }) => code)).not.toContain('_text');
});

test('a parameter says what it takes', () => {
  expect(parameterOf('Observation', 'code')).toMatchObject({
    url: 'http://hl7.org/fhir/SearchParameter/clinical-code',
    type: 'token',
  });
  expect(parameterOf('Observation', 'encounter')?.targets).toContain('Encounter');
});

test('the components of a composite are the parameters that go by their numbers', () => {
  const composite = parameterOf('Observation', 'component-code-value-quantity');
  expect(composite?.components?.map(({ code, type, number }) => ({ code, type, number }))).toEqual([
    { code: 'component-code', type: 'token', number: parameterOf('Observation', 'component-code')?.number },
    {
      code: 'component-value-quantity',
      type: 'quantity',
      number: parameterOf('Observation', 'component-value-quantity')?.number,
    },
  ]);
});

test('parameters for which nothing is extracted say so', () => {
  const without = parametersOf('Location').filter(({ extracted }) => extracted === false);
  expect(without.map(({ code }) => code)).toEqual(['_content', '_id', '_lastUpdated', '_query', '_text']);
});

test.each(['Nothing', '', 'constructor', '__proto__'])('there are no parameters of %s', (type) => {
  expect(parametersOf(type)).toEqual([]);
  expect(parameterOf(type, 'code')).toBeUndefined();
  expect(compartmentParameters(type)).toEqual([]);
});

test('a type is in a Patient’s compartment by the parameters of R4', () => {
  const codes = (type: string) => compartmentParameters(type).map(({ code }) => code);
  expect(codes('Observation')).toEqual(['performer', 'subject']);
  expect(codes('AllergyIntolerance')).toEqual(['asserter', 'patient', 'recorder']);
  expect(codes('Organization')).toEqual([]);
  const notReferences = searchableTypes()
    .flatMap((type) => compartmentParameters(type))
    .filter(({ type }) => type !== 'reference');
  expect(notReferences).toEqual([]);
});
