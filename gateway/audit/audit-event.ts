import type { AuditEvent, AuditEventEntity } from '@medplum/fhirtypes';
import { agentsOf } from './agents.ts';
import { INTERACTIONS, type BalpPattern } from './interactions.ts';
import type { AuditRow } from './row.ts';

const PROFILE = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.';
export const ENTITY_TYPE = 'http://terminology.hl7.org/CodeSystem/audit-entity-type';
export const ENTITY_ROLE = 'http://terminology.hl7.org/CodeSystem/object-role';
export const BALP_ENTITY_TYPE = 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType';
const SOURCE_TYPE = 'http://terminology.hl7.org/CodeSystem/security-source-type';
const ACTIONS: Readonly<Record<BalpPattern, string>> = {
  Create: 'C',
  Read: 'R',
  Update: 'U',
  Delete: 'D',
  Query: 'E',
};

/** Who keeps the log. */
export interface AuditSource {
  /** The FHIR base. */
  baseUrl: string;
  /** The organisation whose gateway this is, `Organization/5`. */
  organization?: string;
}

/** The site of a source: the host of its base. */
export const siteOf = (source: AuditSource): string => new URL(source.baseUrl).host;

function entitiesOf(row: AuditRow): AuditEventEntity[] {
  const entities: AuditEventEntity[] = [];
  if (row.entity !== null) {
    entities.push({
      what: { reference: row.version === null ? row.entity : `${row.entity}/_history/${row.version}` },
      type: { system: ENTITY_TYPE, code: '2', display: 'System Object' },
      role: { system: ENTITY_ROLE, code: '4', display: 'Domain Resource' },
    });
  }
  if (row.patient !== null) {
    entities.push({
      what: { reference: `Patient/${row.patient}` },
      type: { system: ENTITY_TYPE, code: '1', display: 'Person' },
      role: { system: ENTITY_ROLE, code: '1', display: 'Patient' },
    });
  }
  if (row.query !== null) {
    entities.push({
      type: { system: ENTITY_TYPE, code: '2', display: 'System Object' },
      role: { system: ENTITY_ROLE, code: '24', display: 'Query' },
      query: Buffer.from(row.query).toString('base64'),
    });
  }
  if (row.requestId !== '') {
    entities.push({
      what: { identifier: { value: row.requestId } },
      type: { system: BALP_ENTITY_TYPE, code: 'XrequestId' },
    });
  }
  return entities;
}

/** The profile that the row meets. BALP has none for what failed, for history, batch and operations. */
function profileOf(row: AuditRow, pattern: BalpPattern | undefined): string | undefined {
  if (pattern === undefined || row.outcome !== 0 || row.address === '' || row.action !== ACTIONS[pattern])
    return undefined;
  const [needed, excluded] = pattern === 'Query' ? [row.query, row.entity] : [row.entity, row.query];
  if (needed === null || excluded !== null) return undefined;
  return `${PROFILE}${row.patient === null ? '' : 'Patient'}${pattern}`;
}

/** A row as an AuditEvent of FHIR R4, after IHE BALP (https://profiles.ihe.net/ITI/BALP/) where that has a pattern. */
export function toAuditEvent(id: string, row: AuditRow, source: AuditSource): AuditEvent {
  const kind = INTERACTIONS[row.interaction]?.kind;
  if (kind === undefined) throw new RangeError(`Row ${row.seq} of the audit log has an unknown interaction`);
  const recorded = new Date(row.at).toISOString();
  const profile = profileOf(row, kind.pattern);
  const entity = entitiesOf(row);
  return {
    resourceType: 'AuditEvent',
    id,
    meta: { versionId: '1', lastUpdated: recorded, ...(profile !== undefined && { profile: [profile] }) },
    type: kind.type,
    subtype: [kind.subtype],
    action: row.action as NonNullable<AuditEvent['action']>,
    recorded,
    outcome: String(row.outcome) as NonNullable<AuditEvent['outcome']>,
    ...(row.outcome !== 0 && { outcomeDesc: `HTTP ${row.status}` }),
    agent: agentsOf(row, source.baseUrl, kind.pattern),
    source: {
      site: siteOf(source),
      observer:
        source.organization !== undefined
          ? { reference: source.organization }
          : { identifier: { system: 'urn:ietf:rfc:3986', value: source.baseUrl } },
      type: [{ system: SOURCE_TYPE, code: '4', display: 'Application Server' }],
    },
    ...(entity.length > 0 && { entity }),
  };
}
