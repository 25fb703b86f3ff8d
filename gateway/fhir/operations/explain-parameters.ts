import { SECTION_SYSTEM, type Span } from '@fhir-fabric-gateway/chaincode/api';
import { provisionOf } from '@fhir-fabric-gateway/mappings';
import type { ActorExplained, SectionExplained, Statement } from '../../consent/explain/explain.ts';
import type { Reason } from '../../consent/explain/decide.ts';
import type { Json, JsonObject, Resource } from '../resource.ts';

const ACT_REASON = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
const part = (name: string, parts: JsonObject[]): JsonObject => ({ name, part: parts });
const code = (name: string, valueCode: string): JsonObject => ({ name, valueCode });

/** An end of a provision's period, as it counts inside those around it: the latest start, the earliest end. */
function within(reason: Reason, name: 'period' | 'dataPeriod'): Span | undefined {
  const spans = [...reason.around, reason.rule]
    .map((rule) => rule[name])
    .filter((span) => span !== undefined);
  if (spans.length === 0) return undefined;
  const starts = spans.map(([from]) => from).filter((from) => from !== null);
  const ends = spans.map(([, to]) => to).filter((to) => to !== null);
  return [starts.length > 0 ? Math.max(...starts) : null, ends.length > 0 ? Math.min(...ends) : null];
}

function period(name: string, span: Span | undefined): JsonObject[] {
  if (!span) return [];
  const [start, end] = span;
  return [
    {
      name,
      valuePeriod: {
        ...(start !== null && { start: new Date(start).toISOString() }),
        ...(end !== null && { end: new Date(end).toISOString() }),
      },
    },
  ];
}

function reasonPart(reason: Reason): JsonObject {
  const { consent, path, rule } = reason;
  const { securityLabel } = provisionOf(rule) as { securityLabel?: Json[] };
  return part('reason', [
    ...(consent === undefined
      ? []
      : [{ name: 'consent', valueReference: { reference: `Consent/${consent}` } }]),
    { name: 'provision', valueString: path },
    code('type', rule.type),
    ...(securityLabel ?? []).map((valueCoding) => ({ name: 'securityLabel', valueCoding })),
    ...period('period', within(reason, 'period')),
    ...period('dataPeriod', within(reason, 'dataPeriod')),
  ]);
}

const statementPart = ({ action, purposes, decision, before, change, reasons }: Statement): JsonObject =>
  part(action, [
    ...purposes.map((purpose) => ({ name: 'purpose', valueCoding: { system: ACT_REASON, code: purpose } })),
    code('decision', decision),
    code('before', before),
    code('change', change),
    ...reasons.map(reasonPart),
  ]);

const sectionPart = ({ section, classes, statements }: SectionExplained): JsonObject =>
  part('section', [
    { name: 'code', valueCoding: { system: SECTION_SYSTEM, code: section } },
    ...(classes ?? []).map((type) => code('class', type)),
    ...statements.map(statementPart),
  ]);

/** What was explained, as the OperationDefinition says (explain-definition.ts). */
export function explainParameters(
  effect: string | undefined,
  at: number,
  actors: readonly ActorExplained[],
): Resource {
  return {
    resourceType: 'Parameters',
    parameter: [
      ...(effect === undefined ? [] : [code('effect', effect)]),
      { name: 'at', valueInstant: new Date(at).toISOString() },
      ...actors.map(({ actor, sections }) =>
        part('actor', [
          code('kind', actor.kind),
          ...(actor.who === undefined ? [] : [{ name: 'who', valueReference: { reference: actor.who } }]),
          ...sections.map(sectionPart),
        ]),
      ),
    ],
  };
}
