import type { JsonObject, Resource } from '../resource.ts';

const parameter = (
  use: 'in' | 'out',
  name: string,
  min: number,
  max: string,
  type: string | undefined,
  documentation: string,
  parts: JsonObject[] = [],
): JsonObject => ({
  ...{ name, use, min, max, documentation },
  ...(type !== undefined && { type }),
  ...(parts.length > 0 && { part: parts }),
});
const out = (...args: [string, number, string, string | undefined, string, JsonObject[]?]): JsonObject =>
  parameter('out', ...args);

const REASON = out('reason', 0, '*', undefined, 'A provision that decides. None: nobody permits it.', [
  out('consent', 0, '1', 'Reference', 'The Consent; absent for the one that was posted.'),
  out('provision', 1, '1', 'string', 'FHIRPath of the provision, Consent.provision.provision[0].'),
  out('type', 1, '1', 'code', 'permit or deny.'),
  out('securityLabel', 0, '*', 'Coding', 'Labels that the provision names.'),
  out('period', 0, '1', 'Period', 'When it is in force, within the provisions around it.'),
  out('dataPeriod', 0, '1', 'Period', 'The clinical dates it covers, within the provisions around it.'),
]);

const STATEMENT = [
  out('purpose', 0, '*', 'Coding', 'Purposes for which this holds; absent: whatever the purpose.'),
  out('decision', 1, '1', 'code', 'permit, deny, or partly: by label or clinical date.'),
  out('before', 1, '1', 'code', 'The decision without what is explained.'),
  out('change', 1, '1', 'code', 'none, opens, closes, or both: what the Consent changes.'),
  REASON,
];

const SECTION = out('section', 1, '*', undefined, 'A section of the record.', [
  out('code', 1, '1', 'Coding', 'The section.'),
  out('class', 0, '*', 'code', 'The resource types this is about, where those of the section differ.'),
  out('access', 1, '*', undefined, 'Reading.', STATEMENT),
  out('correct', 1, '*', undefined, 'Writing, as far as the role of who writes goes.', STATEMENT),
]);

export const EXPLAIN_URL = 'http://fhir-fabric-gateway.org/OperationDefinition/Consent-explain';

/** The gateway's own operation, https://hl7.org/fhir/R4/operationdefinition.html. */
export const EXPLAIN_DEFINITION: Resource = {
  resourceType: 'OperationDefinition',
  id: 'Consent-explain',
  url: EXPLAIN_URL,
  name: 'ConsentExplain',
  title: 'Who would see what, and why',
  status: 'active',
  kind: 'operation',
  affectsState: false,
  description:
    'Of a Consent that is posted (nothing is stored), of one that is there, or of all that are in force: who may ' +
    'see and write what in the record, for which purposes, by which provision, and what that changes.',
  code: 'explain',
  resource: ['Consent'],
  system: false,
  type: true,
  instance: true,
  parameter: [
    parameter('in', 'consent', 0, '1', 'Consent', 'What would be signed; also as the body itself.'),
    parameter('in', 'at', 0, '1', 'instant', 'When it is asked for; now by default. On GET in the URL.'),
    out('effect', 0, '1', 'code', 'What the Consent does: grant, privacy (not private), ask, none.'),
    out('at', 1, '1', 'instant', 'The moment that this holds for.'),
    out('actor', 0, '*', undefined, 'Somebody whom it concerns.', [
      out(
        ...(['kind', 1, '1', 'code'] as const),
        'person, people or systems of an organisation, or everyone who works here and is named nowhere.',
      ),
      out('who', 0, '1', 'Reference', 'The Practitioner or Organization.'),
      SECTION,
    ]),
  ],
};
