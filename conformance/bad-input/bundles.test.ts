import { bundleOf, send, type Answer } from '../clients/answer.ts';
import { systemSession } from '../clients/backend.ts';
import { heartRate } from '../clients/clinical.ts';
import { faultOf, PATIENCE_WITH_BAD_INPUT, whereabouts } from '../clients/refusal.ts';
import type { BundleEntry } from '../clients/resource.ts';
import type { Session } from '../clients/session.ts';
import { FHIR_BASE } from '../clients/target.ts';

const uuid = (n: number): string => `urn:uuid:00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const bundle = (entry: unknown, type = 'transaction'): object => ({ resourceType: 'Bundle', type, entry });
const create = (resource: object, fullUrl?: string, url = 'Observation'): object => ({
  fullUrl,
  resource,
  request: { method: 'POST', url },
});
const person = { resourceType: 'Patient', name: [{ family: 'Nobody' }] };
const vitals = (subject: string, more: object = {}): object => ({
  ...heartRate('x', 70),
  subject: { reference: subject },
  ...more,
});
const task = (subject: string, partOf: string): object => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  subject: { reference: subject },
  hasMember: [{ reference: partOf }],
});

let hospital: Session;

beforeAll(async () => {
  hospital = await systemSession('hospital-system');
});

const post = async (body: object): Promise<Answer> =>
  send(FHIR_BASE, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { Authorization: `Bearer ${hospital.token}`, 'Content-Type': 'application/fhir+json' },
    signal: AbortSignal.timeout(PATIENCE_WITH_BAD_INPUT),
  });

test.each<[string, object, RegExp]>([
  ['a resource that is no Bundle', person, /Bundle|resourceType/],
  ['a Bundle without a type', { resourceType: 'Bundle' }, /Bundle\.type/],
  ['a Bundle of another type', bundle([], 'collection'), /Bundle\.type|collection/],
  ['entries that are no list', bundle({}), /Bundle\.entry/],
  ['an entry that is null', bundle([null]), /Bundle\.entry\[0\]/],
  ['an entry without a request', bundle([{ resource: person }]), /Bundle\.entry\[0\]/],
  [
    'an entry without a resource',
    bundle([{ request: { method: 'POST', url: 'Patient' } }]),
    /Bundle\.entry\[0\]/,
  ],
  [
    'a method that is none',
    bundle([{ resource: person, request: { method: 'STEAL', url: 'Patient' } }]),
    /Bundle\.entry\[0\]\.request/,
  ],
  [
    'a URL of another server',
    bundle([{ request: { method: 'GET', url: 'http://elsewhere.example/Patient/1' } }]),
    /Bundle\.entry\[0\]/,
  ],
  [
    'a URL that climbs',
    bundle([{ request: { method: 'GET', url: '../../scim/v2/Users' } }]),
    /Bundle\.entry\[0\]/,
  ],
  ['a transaction inside', bundle([create(bundle([]), uuid(1), '')]), /Bundle\.entry\[0\]/],
  ['the wrong type for the URL', bundle([create(person, uuid(1))]), /Bundle\.entry\[0\]/],
  [
    'a fullUrl twice',
    bundle([create(person, uuid(1), 'Patient'), create(person, uuid(1), 'Patient')]),
    /Bundle|fullUrl/,
  ],
  [
    'a urn:uuid that no entry has',
    bundle([create(person, uuid(1), 'Patient'), create(vitals(uuid(9)), uuid(2))]),
    /Bundle\.entry\[1\]/,
  ],
  [
    'a conditional reference that finds nothing',
    bundle([
      create(person, uuid(1), 'Patient'),
      create(
        vitals(uuid(1), { performer: [{ reference: 'Practitioner?identifier=http://nowhere.example|1' }] }),
        uuid(2),
      ),
    ]),
    /Bundle\.entry\[1\]/,
  ],
  [
    'one resource written twice',
    bundle(
      [1, 2].map(() => ({
        resource: { ...person, id: 'same' },
        request: { method: 'PUT', url: 'Patient/same' },
      })),
    ),
    /Bundle\.entry\[1\]/,
  ],
  [
    'an invalid resource among good ones',
    bundle([create(person, uuid(1), 'Patient'), create(vitals(uuid(1), { status: 'bogus' }), uuid(2))]),
    /Bundle\.entry\[1\]\.resource\.status/,
  ],
  [
    'Provenances that are each other’s target',
    bundle(
      [1, 2].map((n) =>
        create(
          {
            resourceType: 'Provenance',
            target: [{ reference: uuid(3 - n) }],
            recorded: '2026-01-01T00:00:00Z',
            agent: [{ who: { display: 'x' } }],
          },
          uuid(n),
          'Provenance',
        ),
      ),
    ),
    /Bundle\.entry\[\d\]/,
  ],
])('a transaction with %s writes nothing, and says where', async (_what, body, where) => {
  const answer = await post(body);
  expect(faultOf(answer)).toBeUndefined();
  expect(whereabouts(answer)).toMatch(where);
  expect(whereabouts(await post(body))).toMatch(where);
});

test('a transaction whose references form a cycle is written, cycle and all', async () => {
  const answer = await post(
    bundle([
      create(person, uuid(1), 'Patient'),
      create(task(uuid(1), uuid(3)), uuid(2)),
      create(task(uuid(1), uuid(2)), uuid(3)),
    ]),
  );
  const locations = (bundleOf(answer).entry ?? []).map(
    ({ response }) => /R4\/(\w+\/[^/]+)/.exec(response?.location ?? '')?.[1],
  );
  const [, second, third] = locations;
  expect((await hospital.get(second ?? '')).text).toContain(`"${third}"`);
  expect((await hospital.get(third ?? '')).text).toContain(`"${second}"`);
  const included = await hospital.find(
    `Observation?_id=${second?.split('/')[1]}&_include:iterate=Observation:has-member`,
  );
  expect(included.length).toBe(2);
});

test('a resource that refers to itself is written', async () => {
  const answer = await post(
    bundle([create(person, uuid(1), 'Patient'), create(task(uuid(1), uuid(2)), uuid(2))]),
  );
  expect(bundleOf(answer).entry?.map(({ response }: BundleEntry) => response?.status.slice(0, 3))).toEqual([
    '201',
    '201',
  ]);
});

test('in a batch, a bad entry is refused by itself', async () => {
  const answer = await post(
    bundle(
      [
        { request: { method: 'GET', url: 'Patient?bogus=1' } },
        { request: { method: 'GET', url: 'Patient?_count=1' } },
        { request: { method: 'GET', url: 'nothing/at/all' } },
      ],
      'batch',
    ),
  );
  const statuses = (bundleOf(answer).entry ?? []).map(({ response }) => response?.status.slice(0, 3));
  expect(statuses).toEqual(['400', '200', '404']);
});
