import type { CodeSystem } from '@medplum/fhirtypes';
import { notLoaded, notWhole } from '../../../terminology/failure.ts';
import type { LoadedCodeSystem } from '../../../terminology/port.ts';
import type { Services } from '../../../services.ts';
import { badRequest, notFound } from '../../errors.ts';
import type { FhirRequest, FhirResponse } from '../../request.ts';
import { assertMayAsk } from './answer.ts';
import { codingsAsked, type CodingAsked } from './codings-asked.ts';
import { inputsOf, type Inputs } from './inputs.ts';
import { valueSetAsked } from './value-set-asked.ts';
import { verdictAnswer, verdictOn, type Verdict } from './verdict.ts';

const OF_BOTH = ['url', 'code', 'display', 'coding', 'codeableConcept', 'abstract', 'displayLanguage'];

/**
 * https://hl7.org/fhir/R4/valueset-operation-validate-code.html. 422 where it can't be told: the value set takes in a code
 * system that is not loaded.
 */
export async function validateCodeInValueSet(
  request: FhirRequest,
  services: Services,
): Promise<FhirResponse> {
  assertMayAsk(request, 'ValueSet');
  const taken = [...OF_BOTH, 'valueSet', 'valueSetVersion', 'system', 'systemVersion'];
  const inputs = inputsOf(request, services, taken);
  const valueSet = valueSetAsked(request, inputs, services);
  const abstract = inputs.flag('abstract') ?? false;
  const verdicts = codingsAsked(inputs, 'systemVersion').map((asked): Verdict => {
    const { system, code, version } = asked;
    const { member, why } = services.terminology.contains(
      valueSet,
      { code, ...(system !== undefined && { system }) },
      version,
    );
    if (!member) {
      const named = system === undefined ? code : `${system}|${code}`;
      const of = valueSet.url ?? valueSet.id ?? 'of the request';
      return { result: false, message: why ?? `The code ${named} is not in the value set ${of}.` };
    }
    const concept = services.terminology.codeSystem(member.system ?? '', version)?.details(member.code ?? '');
    const names = concept?.display === undefined ? [] : [{ value: concept.display }];
    return verdictOn(
      asked,
      { ...member, designations: [...names, ...(concept?.designations ?? [])] },
      abstract,
    );
  });
  return verdictAnswer(verdicts);
}

/** https://hl7.org/fhir/R4/codesystem-operation-validate-code.html. 422 for a code system that is not all here. */
export async function validateCodeInCodeSystem(
  request: FhirRequest,
  services: Services,
): Promise<FhirResponse> {
  assertMayAsk(request, 'CodeSystem');
  const inputs = inputsOf(request, services, [...OF_BOTH, 'codeSystem', 'version']);
  const { system, close } = codeSystemAsked(request, inputs, services);
  try {
    const abstract = inputs.flag('abstract') ?? true;
    const verdicts = codingsAsked(inputs, 'version').map((asked) => verdictIn(system, asked, abstract));
    return verdictAnswer(verdicts);
  } finally {
    close();
  }
}

function verdictIn(system: LoadedCodeSystem, asked: CodingAsked, abstract: boolean): Verdict {
  if (asked.system !== undefined && asked.system !== system.url)
    return { result: false, message: `The coding is of ${asked.system}, not of ${system.url}.` };
  const concept = system.details(asked.code);
  if (concept) return verdictOn(asked, concept, abstract);
  if (!system.whole) throw notWhole(system.url, system.content ?? 'not-present');
  return { result: false, message: `The code ${asked.code} is not in the code system ${system.url}.` };
}

/** The code system of the path, of the parameter `codeSystem`, or of `url` (else of the coding's own system). */
function codeSystemAsked(
  { id }: FhirRequest,
  inputs: Inputs,
  { terminology }: Services,
): { system: LoadedCodeSystem; close: () => void } {
  const given: CodeSystem | undefined = inputs.resource('codeSystem', 'CodeSystem');
  if (given && id === undefined) return terminology.temporaryCodeSystem(given);
  const version = inputs.text('version');
  const stored = id === undefined ? undefined : terminology.read('CodeSystem', id);
  if (id !== undefined && !stored) throw notFound(`CodeSystem/${id}`);
  const url = stored ? String(stored['url']) : (inputs.text('url') ?? inputs.coding('coding')?.system);
  if (url === undefined) throw badRequest('Name a code system: url, or codeSystem.', 'url');
  const ofStored = stored?.['version'];
  const wanted = typeof ofStored === 'string' ? ofStored : version;
  const system = terminology.codeSystem(url, wanted);
  if (!system) throw notLoaded(url, wanted);
  return { system, close: () => undefined };
}
