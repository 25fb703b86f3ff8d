import { partiesOf } from '../references/party.ts';
import { objects, valuesAt, type JsonObject, type Resource } from '../resource.ts';

function* provisions(root: JsonObject): Generator<JsonObject> {
  const waiting = [root];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    yield next;
    waiting.push(...objects(next['provision']));
  }
}

/**
 * Those whom a Consent names, and who therefore see it: actors of its provisions at any depth and its performers, each
 * `Practitioner/2` or `Organization/5`, once. The status does not matter: who asked sees that it was rejected. `base`
 * is this server's FHIR base without a slash at its end; without it only relative references are found.
 */
export function consentParties(consent: Resource, base?: string): string[] {
  const actors = objects(consent['provision'])
    .flatMap((root) => [...provisions(root)])
    .flatMap((provision) => valuesAt(provision, 'actor.reference'));
  return partiesOf([...actors, ...objects(consent['performer'])], base);
}
