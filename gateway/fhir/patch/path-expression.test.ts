import { assertPathExpression } from './path-expression.ts';

const refusal = (path: string): unknown => {
  try {
    assertPathExpression(path, 'Parameters.parameter[0]');
    return undefined;
  } catch (error) {
    return (error as { status?: number }).status;
  }
};

test.each([
  'Patient.birthDate',
  "Patient.identifier.where(system = 'http://a.example/b' and value='matches(')",
  'Patient.name[1].given.first()',
  "Patient.extension('http://example.org/x').value.ofType(Quantity)",
])('%s is taken', (path) => expect(refusal(path)).toBeUndefined());

test.each([
  "Patient.name.where(family.matches('^(a+)+$'))",
  "Patient.name.where(family.matches ('^(a+)+$'))",
  "Patient.name.where(family.matches/* */('^(a+)+$'))",
  "Patient.name.where(family.`matches`('^(a+)+$'))",
  "Patient.name.family.replaceMatches('(a+)+', '')",
  'Patient.repeat(contained)',
  'Patient.name.where(%resource.name.exists())',
])('%s could take for ever, and is refused', (path) => expect(refusal(path)).toBe(400));
