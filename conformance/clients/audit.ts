import type { JsonObject, Resource } from './resource.ts';
import type { Session } from './session.ts';

/** An AuditEvent as a person reads it. */
export interface AuditEvent {
  id: string;
  action: string;
  /** `0`: it was done; else it was refused or failed. */
  outcome: string;
  recorded: string;
  /** References of its agents, `Practitioner/2`. */
  people: string[];
  /** References of its entities: the resource and its patient. */
  things: string[];
  /** Searches, as they were asked. */
  queries: string[];
}

const list = (value: unknown): JsonObject[] => (Array.isArray(value) ? (value as JsonObject[]) : []);

function referenceIn(holder: JsonObject, name: string): string[] {
  const reference = (holder[name] as JsonObject | undefined)?.['reference'];
  return typeof reference === 'string' ? [reference.split('/R4/').at(-1) ?? reference] : [];
}

function readable(event: Resource & { id: string }): AuditEvent {
  const entities = list(event['entity']);
  return {
    id: event.id,
    action: String(event['action']),
    outcome: String(event['outcome']),
    recorded: String(event['recorded']),
    people: list(event['agent']).flatMap((agent) => referenceIn(agent, 'who')),
    things: entities.flatMap((entity) => referenceIn(entity, 'what')),
    queries: entities.flatMap(({ query }) =>
      typeof query === 'string' ? [decodeURIComponent(Buffer.from(query, 'base64').toString())] : [],
    ),
  };
}

/** What the audit of a patient shows to who asks. */
export async function auditOf(session: Session, patient: string): Promise<AuditEvent[]> {
  return (await session.find(`AuditEvent?patient=Patient/${patient}&_count=200`)).map(readable);
}
