import { heartRate } from '../clients/clinical.ts';
import { systemSession } from '../clients/backend.ts';
import type { Session } from '../clients/session.ts';
import { refuses, type BadBody } from './bad-body.ts';

const good = heartRate('someone', 70);
const changed = (change: object): string => JSON.stringify({ ...good, ...change });

/** JSON that is a resource, but breaks a rule of FHIR or of the record. */
const CASES: BadBody[] = [
  {
    what: 'an unknown element',
    body: changed({ colour: 'red' }),
    status: [400, 422],
    where: /Observation\.colour/,
  },
  {
    what: 'an unknown element deep inside',
    body: changed({ code: { coding: [{ sytem: 'x' }] } }),
    status: [400, 422],
    where: /Observation\.code\.coding\[0\]\.sytem/,
  },
  {
    what: 'an element of another server’s making',
    body: changed({ meta: { project: 'x' } }),
    status: [400, 422],
    where: /Observation\.meta\.project/,
  },
  {
    what: 'a code that is none',
    body: changed({ status: 'bogus' }),
    status: [400, 422],
    where: /Observation\.status/,
  },
  {
    what: 'a required element missing',
    body: changed({ code: undefined }),
    status: [400, 422],
    where: /Observation\.code/,
  },
  {
    what: 'a list where one is wanted',
    body: changed({ status: ['final'] }),
    status: [400, 422],
    where: /Observation\.status/,
  },
  {
    what: 'one where a list is wanted',
    body: changed({ category: {} }),
    status: [400, 422],
    where: /Observation\.category/,
  },
  {
    what: 'text for a number',
    body: changed({ valueQuantity: { value: 'seventy' } }),
    status: [400, 422],
    where: /Observation\.valueQuantity\.value|Observation\.value/,
  },
  {
    what: 'two values of one choice',
    body: changed({ valueString: 'x' }),
    status: [400, 422],
    where: /Observation.*valueString/,
  },
  {
    what: 'null for an element',
    body: changed({ status: null }),
    status: [400, 422],
    where: /Observation\.status/,
  },
  {
    what: 'an empty list',
    body: changed({ category: [] }),
    status: [400, 422],
    where: /Observation\.category/,
  },
  {
    what: 'an empty string',
    body: changed({ language: '' }),
    status: [400, 422],
    where: /Observation\.language/,
  },
  {
    what: 'a date that is none',
    body: changed({ effectiveDateTime: '2026-13-45' }),
    status: [400, 422],
    where: /Observation\.effective/,
  },
  {
    what: 'a script in the narrative',
    body: changed({
      text: {
        status: 'generated',
        div: '<div xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></div>',
      },
    }),
    status: [400, 422],
    where: /Observation\.text/,
  },
  {
    what: 'an invariant broken',
    body: changed({ dataAbsentReason: { text: 'x' } }),
    status: [400, 422],
    where: /Observation/,
  },
  { what: 'no subject', body: changed({ subject: undefined }), status: [422], where: /Observation\.subject/ },
  {
    what: 'a subject that is not here',
    body: JSON.stringify(good),
    status: [403, 422],
    where: /Observation|record|granted/,
  },
  {
    what: 'a resource whose id is not the URL’s',
    method: 'PUT',
    path: 'Observation/one',
    body: changed({ id: 'two' }),
    status: [400],
    where: /Observation\.id|id/,
  },
  {
    what: 'an update without an id',
    method: 'PUT',
    path: 'Observation/one',
    body: JSON.stringify(good),
    status: [400],
    where: /Observation\.id|id/,
  },
  {
    what: 'an id with a blank',
    method: 'PUT',
    path: 'Observation/a%20b',
    body: changed({ id: 'a b' }),
    status: [400, 404],
    where: /./,
  },
  {
    what: 'an id of 65 characters',
    method: 'PUT',
    path: `Observation/${'a'.repeat(65)}`,
    body: changed({ id: 'a'.repeat(65) }),
    status: [400, 404],
    where: /./,
  },
  {
    what: 'an id with a slash',
    method: 'PUT',
    path: 'Observation/a%2Fb',
    body: changed({ id: 'a/b' }),
    status: [400, 404],
    where: /./,
  },
];

let hospital: Session;

beforeAll(async () => {
  hospital = await systemSession('hospital-system');
});

test.each(CASES)('$what: the client is told that, and where', async (given) => {
  await refuses(hospital, given);
});
