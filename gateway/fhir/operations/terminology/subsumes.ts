import { notLoaded, notWhole } from '../../../terminology/failure.ts';
import type { LoadedCodeSystem } from '../../../terminology/port.ts';
import type { Services } from '../../../services.ts';
import { FhirError, badRequest, notFound } from '../../errors.ts';
import type { FhirRequest, FhirResponse } from '../../request.ts';
import { assertMayAsk, parametersAnswer } from './answer.ts';
import { inputsOf, type Inputs } from './inputs.ts';

const TAKEN = ['codeA', 'codeB', 'system', 'version', 'codingA', 'codingB'];

/** https://hl7.org/fhir/R4/codesystem-operation-subsumes.html. 404 for a code that the code system does not have. */
export async function subsumes(request: FhirRequest, services: Services): Promise<FhirResponse> {
  assertMayAsk(request, 'CodeSystem');
  const inputs = inputsOf(request, services, TAKEN);
  const system = systemAsked(request, inputs, services);
  const [codeA, codeB] = [codeOf(inputs, system, 'A'), codeOf(inputs, system, 'B')];
  const outcome =
    codeA === codeB
      ? 'equivalent'
      : system.isBelow(codeB, codeA)
        ? 'subsumes'
        : system.isBelow(codeA, codeB)
          ? 'subsumed-by'
          : 'not-subsumed';
  return parametersAnswer([{ name: 'outcome', valueCode: outcome }]);
}

function systemAsked({ id }: FhirRequest, inputs: Inputs, { terminology }: Services): LoadedCodeSystem {
  const stored = id === undefined ? undefined : terminology.read('CodeSystem', id);
  if (id !== undefined && !stored) throw notFound(`CodeSystem/${id}`);
  const coding = inputs.coding('codingA') ?? inputs.coding('codingB');
  const url = stored ? String(stored['url']) : (inputs.text('system') ?? coding?.system);
  if (url === undefined) throw badRequest('Say which code system: system.', 'system');
  const version = stored ? stored['version'] : (inputs.text('version') ?? coding?.version);
  const wanted = typeof version === 'string' ? version : undefined;
  const system = terminology.codeSystem(url, wanted);
  if (!system) throw notLoaded(url, wanted);
  return system;
}

/** The code as the code system writes it. */
function codeOf(inputs: Inputs, system: LoadedCodeSystem, which: 'A' | 'B'): string {
  const coding = inputs.coding(`coding${which}`);
  if (coding?.system !== undefined && coding.system !== system.url)
    throw badRequest(`coding${which} is of another code system than ${system.url}.`, `coding${which}`);
  const code = coding?.code ?? inputs.text(`code${which}`);
  if (code === undefined) throw badRequest(`There is no code${which}.`, `code${which}`);
  const concept = system.concept(code);
  if (concept) return concept.code;
  if (!system.whole) throw notWhole(system.url, system.content ?? 'not-present');
  throw new FhirError(404, {
    code: 'not-found',
    diagnostics: `The code ${code.slice(0, 200)} is not in the code system ${system.url}.`,
    expression: [`code${which}`],
  });
}
