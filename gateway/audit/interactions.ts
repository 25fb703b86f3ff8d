import type { Coding } from '@medplum/fhirtypes';

/** https://hl7.org/fhir/R4/valueset-audit-event-action.html */
export type AuditAction = 'C' | 'R' | 'U' | 'D' | 'E';

/** A pattern of IHE BALP; with a patient the profile's name begins with `Patient`. */
export type BalpPattern = 'Create' | 'Read' | 'Update' | 'Delete' | 'Query';

interface Kind {
  action: AuditAction;
  type: Coding;
  subtype: Coding;
  pattern?: BalpPattern;
}

export const DCM = 'http://dicom.nema.org/resources/ontology/DCM';
const REST: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/audit-event-type',
  code: 'rest',
  display: 'Restful Operation',
};
const LOGIN: Coding = { system: DCM, code: '110114', display: 'User Authentication' };

const rest = <C extends string>(code: C, action: AuditAction, pattern?: BalpPattern): [C, Kind] => [
  code,
  {
    action,
    type: REST,
    subtype: { system: 'http://hl7.org/fhir/restful-interaction', code, display: code },
    ...(pattern !== undefined && { pattern }),
  },
];

/**
 * What is recorded, and how it looks as an AuditEvent: the codes of
 * https://hl7.org/fhir/R4/valueset-type-restful-interaction.html, and what happens outside of the FHIR base.
 * A row keeps the place in this list, so it only ever grows at its end.
 */
const TABLE = [
  rest('read', 'R', 'Read'),
  rest('vread', 'R', 'Read'),
  rest('create', 'C', 'Create'),
  rest('update', 'U', 'Update'),
  rest('patch', 'U', 'Update'),
  rest('delete', 'D', 'Delete'),
  rest('history-instance', 'R'),
  rest('history-type', 'E'),
  rest('history-system', 'E'),
  rest('search-type', 'E', 'Query'),
  rest('search-system', 'E', 'Query'),
  rest('batch', 'E'),
  rest('transaction', 'E'),
  rest('operation', 'E'),
  ['login', { action: 'E', type: LOGIN, subtype: { system: DCM, code: '110122', display: 'Login' } }],
  ['logout', { action: 'E', type: LOGIN, subtype: { system: DCM, code: '110123', display: 'Logout' } }],
  [
    'imaging',
    {
      action: 'R',
      type: { system: DCM, code: '110103', display: 'DICOM Instances Accessed' },
      subtype: { system: 'http://hl7.org/fhir/restful-interaction', code: 'read', display: 'read' },
    },
  ],
] as const satisfies readonly (readonly [string, Kind])[];

export type Interaction = (typeof TABLE)[number][0];

export const INTERACTIONS: readonly { name: Interaction; kind: Kind }[] = TABLE.map(([name, kind]) => ({
  name,
  kind,
}));

const numbers: ReadonlyMap<string, number> = new Map(TABLE.map(([name], number) => [name, number]));

/** The number under which a row keeps the interaction; a TypeError when there is none of that name. */
export function interactionNumber(name: Interaction): number {
  const number = numbers.get(name);
  if (number === undefined) throw new TypeError(`No interaction ${name} is audited`);
  return number;
}
