import type { ParametersParameter } from '@medplum/fhirtypes';
import { notLoaded, notWhole } from '../../../terminology/failure.ts';
import type { ConceptDetails } from '../../../terminology/port.ts';
import type { Services } from '../../../services.ts';
import { FhirError, badRequest } from '../../errors.ts';
import type { FhirRequest, FhirResponse } from '../../request.ts';
import { assertMayAsk, parametersAnswer } from './answer.ts';
import { inputsOf } from './inputs.ts';

const TAKEN = ['code', 'system', 'version', 'coding', 'displayLanguage', 'property'];

/** https://hl7.org/fhir/R4/codesystem-operation-lookup.html. 404 for a code that the code system does not have. */
export async function lookup(request: FhirRequest, services: Services): Promise<FhirResponse> {
  assertMayAsk(request, 'CodeSystem');
  const inputs = inputsOf(request, services, TAKEN);
  const coding = inputs.coding('coding');
  const code = coding?.code ?? inputs.text('code');
  const url = coding?.system ?? inputs.text('system');
  if (code === undefined || url === undefined)
    throw badRequest('Give code and system, or coding.', code === undefined ? 'code' : 'system');
  const version = coding?.version ?? inputs.text('version');
  const system = services.terminology.codeSystem(url, version);
  if (!system) throw notLoaded(url, version);
  const concept = system.details(code);
  if (!concept) {
    if (!system.whole) throw notWhole(url, system.content ?? 'not-present');
    throw new FhirError(404, {
      code: 'not-found',
      diagnostics: `The code ${code.slice(0, 200)} is not in the code system ${url}.`,
      expression: ['code'],
    });
  }
  const wanted = inputs.texts('property');
  const asks = (name: string) => wanted.length === 0 || wanted.includes(name) || wanted.includes('*');
  const language = inputs.text('displayLanguage');
  const translated = concept.designations.find(
    (one) => one.language !== undefined && one.language === language,
  );
  return parametersAnswer([
    { name: 'name', valueString: system.name },
    system.version === undefined ? undefined : { name: 'version', valueString: system.version },
    { name: 'display', valueString: translated?.value ?? concept.display ?? concept.code },
    ...(asks('designation') ? designationsOf(concept) : []),
    ...propertiesOf(concept)
      .filter(({ code: name }) => asks(name))
      .map(({ parameter }) => parameter),
  ]);
}

const designationsOf = ({ designations }: ConceptDetails): ParametersParameter[] =>
  designations.map(({ language, use, value }) => ({
    name: 'designation',
    part: [
      ...(language === undefined ? [] : [{ name: 'language', valueCode: language }]),
      ...(use === undefined ? [] : [{ name: 'use', valueCoding: use }]),
      { name: 'value', valueString: value ?? '' },
    ],
  }));

/** R4's own properties of every concept, its place in the hierarchy, and what the code system says besides. */
function propertiesOf(concept: ConceptDetails): { code: string; parameter: ParametersParameter }[] {
  const property = (code: string, value: object, description?: string) => ({
    code,
    parameter: {
      name: 'property',
      part: [
        { name: 'code', valueCode: code },
        { name: 'value', ...value },
        ...(description === undefined ? [] : [{ name: 'description', valueString: description }]),
      ],
    },
  });
  const hierarchy = ['parent', 'child'];
  return [
    ...(concept.definition === undefined
      ? []
      : [property('definition', { valueString: concept.definition })]),
    property('inactive', { valueBoolean: concept.inactive }),
    ...concept.parents.map((one) => property('parent', { valueCode: one.code }, one.display)),
    ...concept.children.map((one) => property('child', { valueCode: one.code }, one.display)),
    ...concept.properties
      .filter(({ code }) => !hierarchy.includes(code) && code !== 'inactive')
      .map(({ code, kind, value }) => property(code, { [kind]: value })),
  ];
}
