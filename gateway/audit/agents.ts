import { isIP } from 'node:net';
import type { AuditEventAgent, CodeableConcept, Coding } from '@medplum/fhirtypes';
import { DCM, type BalpPattern } from './interactions.ts';
import type { AuditRow } from './row.ts';

/** The roles of accounts, as agent.role has them. */
export const ROLE_SYSTEM = 'http://fhir-fabric-gateway.org/CodeSystem/role';
export const PURPOSE_SYSTEM = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';

const SOURCE: Coding = { system: DCM, code: '110153', display: 'Source Role ID' };
const DESTINATION: Coding = { system: DCM, code: '110152', display: 'Destination Role ID' };
const APPLICATION: Coding = { system: DCM, code: '110150', display: 'Application' };
const CUSTODIAN: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type',
  code: 'custodian',
  display: 'Custodian',
};
const PARTICIPATION = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType';
const AUTHOR: Coding = { system: PARTICIPATION, code: 'AUT', display: 'author (originator)' };
const RECIPIENT: Coding = { system: PARTICIPATION, code: 'IRCP', display: 'information recipient' };
const PROVIDER: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-RoleClass',
  code: 'PROV',
  display: 'healthcare provider',
};

/**
 * The types that BALP gives to client, server and user in each of its patterns: the data of a read flows from the server
 * to the client, a query the other way.
 */
const TYPES: Readonly<Record<BalpPattern, { client: Coding; server: Coding; user: Coding }>> = {
  Read: { client: DESTINATION, server: SOURCE, user: RECIPIENT },
  Query: { client: SOURCE, server: DESTINATION, user: RECIPIENT },
  Create: { client: SOURCE, server: DESTINATION, user: AUTHOR },
  Update: { client: SOURCE, server: DESTINATION, user: AUTHOR },
  Delete: { client: APPLICATION, server: CUSTODIAN, user: AUTHOR },
};

const concept = (coding: Coding): CodeableConcept => ({ coding: [coding] });

/** Whether a person stands behind the client. A system is the client itself. */
export const hasUser = (row: Pick<AuditRow, 'role'>): boolean => row.role !== 'system';

/**
 * The agents of a row: the user, the client, this server, and the organisation for which they work. What says who acted
 * (name, role, purpose, policy) is on the user, and on the client where there is none.
 */
export function agentsOf(row: AuditRow, baseUrl: string, pattern: BalpPattern = 'Query'): AuditEventAgent[] {
  const types = TYPES[pattern];
  const actor = {
    ...(row.display !== '' && { name: row.display }),
    role: [concept({ system: ROLE_SYSTEM, code: row.role })],
    ...(row.policy !== null && { policy: [row.policy] }),
    purposeOfUse: [concept({ system: PURPOSE_SYSTEM, code: row.purpose })],
  };
  const display = row.display !== '' ? row.display : undefined;
  const user: AuditEventAgent = {
    type: concept(types.user),
    who:
      row.person === ''
        ? { display: display ?? row.role }
        : { reference: row.person, ...(display && { display }) },
    requestor: true,
    ...actor,
  };
  const client: AuditEventAgent = {
    type: concept(types.client),
    who: { identifier: { value: row.client } },
    requestor: !hasUser(row),
    ...(!hasUser(row) && actor),
    ...(row.address !== '' && {
      network: { address: row.address, type: isIP(row.address) > 0 ? ('2' as const) : ('1' as const) },
    }),
  };
  const server: AuditEventAgent = {
    type: concept(types.server),
    who: { identifier: { system: 'urn:ietf:rfc:3986', value: baseUrl } },
    requestor: false,
    network: { address: baseUrl, type: '5' },
  };
  const organization: AuditEventAgent = {
    type: concept(PROVIDER),
    who: { reference: row.organization },
    requestor: false,
  };
  return [
    ...(hasUser(row) ? [user] : []),
    client,
    server,
    ...(row.organization !== '' ? [organization] : []),
  ];
}
