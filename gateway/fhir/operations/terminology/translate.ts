import type {
  ConceptMap,
  ConceptMapGroup,
  ConceptMapGroupElementTarget,
  ParametersParameter,
} from '@medplum/fhirtypes';
import type { Services } from '../../../services.ts';
import { FhirError, badRequest, notFound } from '../../errors.ts';
import type { FhirRequest, FhirResponse } from '../../request.ts';
import { assertMayAsk, parametersAnswer } from './answer.ts';
import { codingsAsked, type CodingAsked } from './codings-asked.ts';
import { inputsOf, type Inputs } from './inputs.ts';

const TAKEN = [
  ...['url', 'conceptMap', 'conceptMapVersion', 'code', 'system', 'version', 'source', 'coding'],
  ...['codeableConcept', 'target', 'targetsystem', 'reverse'],
];
/** Concept maps that are looked at when none is named. */
const MOST_MAPS = 200;
const NO_MATCH = ['unmatched', 'disjoint'];

interface Match {
  equivalence: string;
  concept: { system?: string; code?: string; display?: string };
  source: string;
}

/**
 * https://hl7.org/fhir/R4/conceptmap-operation-translate.html, by one concept map or by all from `source` to `target`.
 * `reverse` goes from the targets of a map to its sources.
 */
export async function translate(request: FhirRequest, services: Services): Promise<FhirResponse> {
  assertMayAsk(request, 'ConceptMap');
  const inputs = inputsOf(request, services, TAKEN);
  const reverse = inputs.flag('reverse') ?? false;
  const targetSystem = inputs.text('targetsystem');
  const codings = codingsAsked(inputs, 'version');
  const matches = mapsAsked(request, inputs, services).flatMap((map) =>
    codings.flatMap((coding) => (reverse ? backward(map, coding) : forward(map, coding))),
  );
  const wanted = matches.filter(
    ({ concept }) => targetSystem === undefined || concept.system === targetSystem,
  );
  const found = wanted.some(({ equivalence }) => !NO_MATCH.includes(equivalence));
  return parametersAnswer([
    { name: 'result', valueBoolean: found },
    found ? undefined : { name: 'message', valueString: 'No match was found for the code.' },
    ...wanted.map(matchParameter),
  ]);
}

const matchParameter = ({ equivalence, concept, source }: Match): ParametersParameter => ({
  name: 'match',
  part: [
    { name: 'equivalence', valueCode: equivalence },
    ...(concept.code === undefined ? [] : [{ name: 'concept', valueCoding: concept }]),
    { name: 'source', valueUri: source },
  ],
});

function mapsAsked({ id }: FhirRequest, inputs: Inputs, { terminology }: Services): ConceptMap[] {
  const found = (map: unknown) => map as ConceptMap;
  if (id !== undefined) {
    const map = terminology.read('ConceptMap', id);
    if (!map) throw notFound(`ConceptMap/${id}`);
    return [found(map)];
  }
  const given = inputs.resource('conceptMap', 'ConceptMap');
  if (given) return [given];
  const url = inputs.text('url');
  if (url !== undefined) {
    const version = inputs.text('conceptMapVersion');
    const map = terminology.definition('ConceptMap', version === undefined ? url : `${url}|${version}`);
    if (!map)
      throw new FhirError(404, {
        code: 'not-found',
        diagnostics: `The concept map ${url.slice(0, 500)} is not known here.`,
        expression: ['url'],
      });
    return [found(map)];
  }
  const source = inputs.text('source');
  const target = inputs.text('target');
  if (source === undefined && target === undefined)
    throw badRequest('Name a concept map (url, conceptMap), or the value sets source or target.', 'url');
  const { matches } = terminology.search({
    ...{ type: 'ConceptMap', parameters: [], sort: [], lenient: false, offset: 0, count: MOST_MAPS },
  });
  return matches.map(found).filter((map) => {
    const from = map.sourceUri ?? map.sourceCanonical;
    const to = map.targetUri ?? map.targetCanonical;
    return (source === undefined || from === source) && (target === undefined || to === target);
  });
}

const sourceOf = ({ url, id }: ConceptMap): string => url ?? `ConceptMap/${id ?? ''}`;

const isOf = (system: string | undefined, coding: CodingAsked): boolean =>
  coding.system === undefined || system === undefined || system === coding.system;

function forward(map: ConceptMap, coding: CodingAsked): Match[] {
  return (map.group ?? []).flatMap((group) => {
    if (!isOf(group.source, coding)) return [];
    const element = (group.element ?? []).find(({ code }) => code === coding.code);
    if (!element) return unmapped(map, group, coding);
    return (element.target ?? []).map((target) => matchOf(map, group.target, target));
  });
}

const matchOf = (
  map: ConceptMap,
  system: string | undefined,
  { code, display, equivalence }: ConceptMapGroupElementTarget,
): Match => ({
  equivalence: equivalence ?? 'relatedto',
  concept: {
    ...(system !== undefined && { system }),
    ...(code !== undefined && { code }),
    ...(display !== undefined && { display }),
  },
  source: sourceOf(map),
});

/** What a group says of codes that it does not list; another map that it names is not followed. */
function unmapped(
  map: ConceptMap,
  { unmapped: rule, target }: ConceptMapGroup,
  coding: CodingAsked,
): Match[] {
  const system = target === undefined ? {} : { system: target };
  if (rule?.mode === 'provided')
    return [{ equivalence: 'equivalent', concept: { ...system, code: coding.code }, source: sourceOf(map) }];
  if (rule?.mode !== 'fixed') return [];
  const display = rule.display === undefined ? {} : { display: rule.display };
  return [
    {
      equivalence: 'inexact',
      concept: { ...system, code: rule.code ?? '', ...display },
      source: sourceOf(map),
    },
  ];
}

/** What a map's equivalence says when it is read from its target. */
const REVERSED: Record<string, string> = {
  wider: 'narrower',
  narrower: 'wider',
  subsumes: 'specializes',
  specializes: 'subsumes',
};

function backward(map: ConceptMap, coding: CodingAsked): Match[] {
  return (map.group ?? []).flatMap((group) => {
    if (!isOf(group.target, coding)) return [];
    return (group.element ?? []).flatMap((element) =>
      (element.target ?? [])
        .filter(({ code }) => code === coding.code)
        .map(({ equivalence = 'relatedto' }) =>
          matchOf(map, group.source, { ...element, equivalence: turned(equivalence) }),
        ),
    );
  });
}

const turned = (equivalence: NonNullable<ConceptMapGroupElementTarget['equivalence']>): typeof equivalence =>
  (REVERSED[equivalence] as typeof equivalence | undefined) ?? equivalence;
