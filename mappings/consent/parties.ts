import { objects, type JsonObject, type Resource } from '../resource.ts';
import { partyOf } from './actors.ts';

function* provisions(root: JsonObject): Generator<JsonObject> {
  const waiting = [root];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    yield next;
    waiting.push(...objects(next['provision']));
  }
}

/**
 * Those whom a Consent names, and who therefore see it: actors of its provisions at any depth and its performers, each
 * `Practitioner/2` or `Organization/5`, once. The status does not matter: who asked sees that it was rejected.
 */
export function consentParties(consent: Resource, base?: string): string[] {
  const actors = objects(consent['provision'])
    .flatMap((root) => [...provisions(root)])
    .flatMap((provision) => objects(provision['actor']))
    .map((actor) => actor['reference']);
  const parties = [...actors, ...objects(consent['performer'])].map((reference) => partyOf(reference, base));
  return [...new Set(parties.filter((party) => party !== undefined))];
}
