import type { Bundle } from '../../../clients/resource.ts';
import { countByType, requireSame, type Found } from './found.ts';

const page = (...resources: [type: string, id: string][]): Bundle => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: resources.map(([resourceType, id]) => ({ resource: { resourceType, id } })),
});

test('what a search finds is counted by type over all its pages, what two of them include only once', () => {
  const pages = [
    page(['Observation', '1'], ['Observation', '2'], ['Patient', '1']),
    page(['Observation', '3'], ['Patient', '1']),
    page(),
  ];
  expect(countByType(pages)).toEqual({ Observation: 3, Patient: 1 });
});

const TYPES = ['Patient', 'Observation'];
const answers = (gateway: Found, rival: Found) =>
  new Map([
    ['gateway', gateway],
    ['rival', rival],
  ]);

test('servers that find as many of the types that count can be compared', () => {
  const same = answers({ Patient: 1, Observation: 3, Consent: 1 }, { Observation: 3, Patient: 1 });
  expect(() => requireSame('a record', TYPES, same)).not.toThrow();
});

test.each<[string, Found, Found, string]>([
  ['another number', { Observation: 3 }, { Observation: 2 }, '3 Observation; rival 2 Observation'],
  [
    'another type',
    { Observation: 3 },
    { Observation: 3, Patient: 1 },
    '3 Observation; rival 1 Patient, 3 Observation',
  ],
  ['nothing on either side', {}, { Consent: 1 }, 'nothing; rival nothing'],
])('%s is no comparison', (_, gateway, rival, said) => {
  expect(() => requireSame('by code', TYPES, answers(gateway, rival))).toThrow(
    `by code: the servers do not find the same: gateway ${said}`,
  );
});
