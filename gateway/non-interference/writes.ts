import { PATIENTS } from './cast.ts';
import type { Chance } from './chance.ts';
import { CLINICAL, CODES, WORDS, clinicalResource } from './clinical.ts';
import { randomConsent } from './consents.ts';
import type { Call } from './world.ts';

/** What a conditional interaction asks, in words that hidden resources may answer to as well. */
const criteria = (chance: Chance): string =>
  chance.pick([
    `identifier=http://example.org/obs|${chance.pick(WORDS)}`,
    `code=${chance.pick(CODES)}`,
    `patient=${chance.pick(PATIENTS).id}&code=${chance.pick(CODES)}`,
    `_has:DiagnosticReport:result:code=${chance.pick(CODES)}`,
    `has-member.code=${chance.pick(CODES)}`,
  ]);

/** Something that somebody could write; `targets` are what anybody ever wrote, by type. */
export function randomWrite(chance: Chance, targets: readonly string[]): Call {
  const patient = chance.pick(PATIENTS).id;
  const ofType = (type: string) => targets.filter((target) => target.startsWith(`${type}/`));
  const type = chance.happens(60) ? 'Observation' : chance.pick(CLINICAL);
  const id = chance.happens(80)
    ? (chance.pick([...ofType(type), `${type}/new-${chance.below(5)}`]).split('/')[1] ?? '')
    : `new-${chance.below(5)}`;
  const resource = clinicalResource(type, id, patient, ofType, chance);
  const { id: _, ...draft } = resource;
  switch (chance.below(8)) {
    case 0:
      return { method: 'POST', path: type, body: draft };
    case 1:
    case 2:
      return {
        ...{ method: 'POST', path: 'Observation' },
        body: { ...clinicalResource('Observation', 'x', patient, ofType, chance), id: undefined },
        headers: { 'If-None-Exist': criteria(chance) },
      };
    case 3:
      return {
        ...{ method: 'PUT', path: `${type}/${id}`, body: resource },
        ...(chance.happens(40) && { headers: { 'If-Match': `W/"${1 + chance.below(2)}"` } }),
      };
    case 4:
      return { method: 'DELETE', path: `${type}/${id}` };
    case 5: {
      const { id: __, ...consent } = randomConsent('x', patient, chance);
      return { method: 'POST', path: 'Consent', body: { ...consent, status: 'proposed' } };
    }
    default:
      return {
        ...{ method: 'POST', path: '' },
        body: {
          resourceType: 'Bundle',
          type: chance.pick(['batch', 'transaction']),
          entry: [
            { resource: draft, request: { method: 'POST', url: type } },
            {
              resource: { ...clinicalResource('Observation', 'x', patient, ofType, chance), id: undefined },
              request: { method: 'POST', url: 'Observation', ifNoneExist: criteria(chance) },
            },
            { request: { method: 'GET', url: `Observation?${criteria(chance)}` } },
            { request: { method: 'GET', url: chance.pick(targets) } },
          ],
        },
      };
  }
}
