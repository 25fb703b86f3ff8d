import { isObject, text, type Json } from '../resource.ts';
import { parseLiteral } from './literal.ts';

/** `Practitioner/2` or `Organization/5`, when the Reference names one of this server. */
export function partyOf(reference: Json | undefined, base?: string): string | undefined {
  if (!isObject(reference)) return undefined;
  const named = parseLiteral(text(reference['reference']) ?? '', base);
  if (!named?.local || (named.type !== 'Practitioner' && named.type !== 'Organization')) return undefined;
  return `${named.type}/${named.id}`;
}

/** The parties that the References name, each once. */
export function partiesOf(references: readonly Json[], base?: string): string[] {
  const parties = references.map((reference) => partyOf(reference, base));
  return [...new Set(parties.filter((party) => party !== undefined))];
}
