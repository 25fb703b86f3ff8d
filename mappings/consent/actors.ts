import { partyOf } from '../references/party.ts';
import { codingKeys, isObject, text, type JsonObject } from '../resource.ts';
import { PARTICIPATION_TYPE } from './codes.ts';
import type { Problems } from './problems.ts';

/** The party of a rule's actor, without its role: `Organization/5|CST` is about `Organization/5`. */
export function granteeOf(actor: string): string {
  const bar = actor.indexOf('|');
  return bar < 0 ? actor : actor.slice(0, bar);
}

const roles = (...codes: string[]): readonly string[] => codes.map((code) => `${PARTICIPATION_TYPE}|${code}`);

/**
 * A person who receives the information or keeps it. Every other role picks among the data by what the person had to
 * do with it (AUT what they wrote, INF what they told), which the gateway can't tell.
 */
const PERSON_ROLES = roles('IRCP', 'PRCP', 'CST');
const ORGANIZATION_ROLES = roles('IRCP', 'CST');

const TYPE_BASE = 'http://hl7.org/fhir/StructureDefinition/';

/** True when `Reference.type` is absent or says what the party is. https://hl7.org/fhir/R4/references.html#type */
function typeAgrees(reference: JsonObject, party: string): boolean {
  const { type } = reference;
  if (type === undefined) return true;
  return (text(type) ?? '').replace(TYPE_BASE, '') === party.slice(0, party.indexOf('/'));
}

/**
 * A provision's actor as rules have it. A Practitioner is that person, as a recipient; of an Organization the role says
 * who in it is meant: IRCP (its people and systems) or CST (its systems).
 */
export function compileActor(
  actor: JsonObject,
  path: string,
  problems: Problems,
  base?: string,
): string | undefined {
  const { reference } = actor;
  const party = partyOf(reference, base);
  if (!isObject(reference) || party === undefined) {
    return problems.add(
      `${path}.reference`,
      'Must be a literal reference to a Practitioner or Organization of this server.',
    );
  }
  if (!typeAgrees(reference, party))
    return problems.add(`${path}.reference.type`, 'Says another type than the reference.');
  const codings = codingKeys(actor['role']);
  const [role] = codings;
  if (party.startsWith('Practitioner/')) {
    if (role !== undefined && codings.every((coding) => PERSON_ROLES.includes(coding))) return party;
    return problems.add(
      `${path}.role`,
      `Only a recipient can be enforced: of a Practitioner IRCP, PRCP or CST of ${PARTICIPATION_TYPE}.`,
    );
  }
  if (role !== undefined && codings.length === 1 && ORGANIZATION_ROLES.includes(role))
    return `${party}|${role.slice(PARTICIPATION_TYPE.length + 1)}`;
  return problems.add(
    `${path}.role`,
    `For an Organization one coding, IRCP or CST of ${PARTICIPATION_TYPE}.`,
  );
}
