import type { JsonObject } from '../resource.ts';
import { ownInvariants } from './own-invariants.ts';

const at = (resource: JsonObject): unknown => ownInvariants(resource)[0]?.expression?.[0];
const coded = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] });

test('bdl-7: a fullUrl comes once, unless the versions differ or it is a history', () => {
  const bundle = (type: string, ...versions: string[]) => ({
    resourceType: 'Bundle',
    type,
    entry: versions.map((versionId) => ({
      fullUrl: 'urn:a',
      resource: { resourceType: 'Basic', meta: { versionId } },
    })),
  });
  expect(at(bundle('collection', '1', '1'))).toBe('Bundle.entry[1].fullUrl');
  expect(at(bundle('collection', '1', '2'))).toBeUndefined();
  expect(at(bundle('history', '1', '1'))).toBeUndefined();
  expect(at({ resourceType: 'Bundle', type: 'batch', entry: [{}, {}] })).toBeUndefined();
});

test('obs-7: a component does not say again what the value says', () => {
  const observation = {
    resourceType: 'Observation',
    code: coded('a'),
    component: [{ code: coded('b') }, { code: coded('a') }],
  };
  expect(at({ ...observation, valueString: 'x' })).toBe('Observation.component[1].code');
  expect(at(observation)).toBeUndefined();
});

test('que-2: link ids are unique throughout', () => {
  const questionnaire = (inner: string) => ({
    resourceType: 'Questionnaire',
    item: [
      { linkId: '1', item: [{ linkId: '1.1' }] },
      { linkId: '2', item: [{ linkId: inner }] },
    ],
  });
  expect(at(questionnaire('2.1'))).toBeUndefined();
  expect(at(questionnaire('1.1'))).toBe('Questionnaire.item[1].item[0].linkId');
});

test('200,000 entries are checked', () => {
  const entry = Array.from({ length: 200_000 }, (_, index) => ({ fullUrl: `urn:${String(index)}` }));
  expect(at({ resourceType: 'Bundle', type: 'collection', entry })).toBeUndefined();
});
