import { parseLiteral } from '../references/literal.ts';
import { codingKeys, isObject, text, type Json, type JsonObject } from '../resource.ts';
import { PARTICIPATION_TYPE } from './codes.ts';
import type { Problems } from './problems.ts';

/** `Practitioner/2` or `Organization/5`, when the Reference names one of this server. */
export function partyOf(reference: Json | undefined, base?: string): string | undefined {
  if (!isObject(reference)) return undefined;
  const named = parseLiteral(text(reference['reference']) ?? '', base);
  if (!named?.local || (named.type !== 'Practitioner' && named.type !== 'Organization')) return undefined;
  return `${named.type}/${named.id}`;
}

/** The party of a rule's actor, without its role: `Organization/5|CST` is about `Organization/5`. */
export function granteeOf(actor: string): string {
  const bar = actor.indexOf('|');
  return bar < 0 ? actor : actor.slice(0, bar);
}

/**
 * A provision's actor as rules have it. A Practitioner is meant in whatever role; of an Organization the role says who
 * in it is meant, so it must be one that the gateway can tell: IRCP (its people and systems) or CST (its systems).
 */
export function compileActor(
  actor: JsonObject,
  path: string,
  problems: Problems,
  base?: string,
): string | undefined {
  const party = partyOf(actor['reference'], base);
  if (party === undefined) {
    return problems.add(
      `${path}.reference`,
      'Must be a literal reference to a Practitioner or Organization of this server.',
    );
  }
  if (party.startsWith('Practitioner/')) return party;
  const roles = codingKeys(actor['role']);
  const [role] = roles;
  if (roles.length === 1 && role === `${PARTICIPATION_TYPE}|IRCP`) return `${party}|IRCP`;
  if (roles.length === 1 && role === `${PARTICIPATION_TYPE}|CST`) return `${party}|CST`;
  return problems.add(
    `${path}.role`,
    `For an Organization one coding, IRCP or CST of ${PARTICIPATION_TYPE}.`,
  );
}
