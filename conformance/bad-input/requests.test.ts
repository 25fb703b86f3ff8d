import { resourceOf, send, type Answer } from '../clients/answer.ts';
import { systemSession } from '../clients/backend.ts';
import { heartRate } from '../clients/clinical.ts';
import { faultOf, PATIENCE_WITH_BAD_INPUT, whereabouts } from '../clients/refusal.ts';
import type { Session } from '../clients/session.ts';
import { FHIR_BASE } from '../clients/target.ts';

let hospital: Session;

beforeAll(async () => {
  hospital = await systemSession('hospital-system');
});

async function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Answer> {
  return send(`${FHIR_BASE}/${path}`, {
    method,
    headers: { Authorization: `Bearer ${hospital.token}`, ...headers },
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(PATIENCE_WITH_BAD_INPUT),
  });
}

test.each<[string, string, RegExp]>([
  ['an unknown parameter', 'Observation?colour=red', /colour/],
  ['a parameter of another type', 'Observation?family=x', /family/],
  ['an unknown modifier', 'Observation?code:sounds-like=x', /code/],
  ['a modifier that does not fit', 'Patient?birthdate:exact=2000', /birthdate/],
  ['a malformed date', 'Observation?date=yesterday', /date/],
  ['a date that no calendar has', 'Observation?date=2026-02-31', /date/],
  ['an unknown prefix', 'Observation?date=zz2026', /date/],
  ['a malformed number', 'RiskAssessment?probability=often', /probability/],
  ['a malformed quantity', 'Observation?value-quantity=a|b|c|d|e', /value-quantity/],
  ['a malformed token', 'Observation?code=a|b|c', /code/],
  ['a malformed reference', 'Observation?subject=///', /subject/],
  ['a chain that leads nowhere', 'Observation?subject.colour=red', /subject/],
  ['a chain through what is no reference', 'Observation?code.text=x', /code/],
  ['a malformed _has', 'Patient?_has:Observation=x', /_has/],
  ['a _has of no type', 'Patient?_has:Spaceship:patient:code=x', /_has|Spaceship/],
  ['_count=-1', 'Patient?_count=-1', /_count/],
  ['_count=many', 'Patient?_count=many', /_count/],
  ['_count=1e9', 'Patient?_count=1e9', /_count/],
  ['_sort by nothing known', 'Patient?_sort=colour', /_sort|colour/],
  ['_include of nothing known', 'Observation?_include=Observation:colour', /_include|colour/],
  ['_include of no type', 'Observation?_include=Spaceship', /_include|Spaceship/],
  ['_summary=everything', 'Patient?_summary=everything', /_summary/],
  ['_total=roughly', 'Patient?_total=roughly', /_total/],
  ['_lastUpdated=never', 'Patient?_lastUpdated=never', /_lastUpdated/],
  ['a page that nobody gave out', 'Patient?_page=invented', /_page|page/],
  ['a malformed escape', 'Patient?family=%E0%A4%A', /./],
  ['an unknown parameter of $everything', 'Patient/x/$everything?colour=red', /colour|not known/],
])('a search with %s is refused, and the parameter named', async (_what, path, where) => {
  const answer = await ask('GET', path);
  expect(faultOf(answer)).toBeUndefined();
  expect([400, 404]).toContain(answer.status);
  expect(whereabouts(answer)).toMatch(where);
});

test('lenient handling leaves an unknown parameter out, and says so in the self link', async () => {
  const answer = await ask('GET', 'Patient?colour=red&_count=1', { Prefer: 'handling=lenient' });
  expect(answer.status).toBe(200);
  const { link } = JSON.parse(answer.text) as { link: { relation: string; url: string }[] };
  expect(link.find(({ relation }) => relation === 'self')?.url).not.toContain('colour');
});

test.each<[string, string, string, number[]]>([
  ['a type that FHIR does not have', 'GET', 'Spaceship', [404]],
  ['a type that FHIR does not have, by id', 'GET', 'Spaceship/1', [404]],
  ['a type in other letters', 'GET', 'patient/1', [404]],
  ['an operation that is none', 'GET', 'Patient/1/$explode', [404]],
  ['a path that is too long', 'GET', 'Patient/1/_history/1/2/3', [404]],
  ['an id with a blank', 'GET', 'Patient/a%20b', [400, 404]],
  ['an id of 65 characters', 'GET', `Patient/${'a'.repeat(65)}`, [400, 404]],
  ['an id with a null byte', 'GET', 'Patient/a%00b', [400, 404]],
  ['an id that climbs', 'GET', 'Patient/..%2F..%2Fetc', [400, 404]],
  ['a malformed escape', 'GET', 'Patient/%E0%A4%A', [400, 404]],
  ['a version that is none', 'GET', 'Patient/x/_history/first', [400, 404]],
  ['a long path', 'GET', `Patient/${'a/'.repeat(2000)}`, [400, 404, 414]],
  ['a delete of everything of a type', 'DELETE', 'Patient', [400, 405]],
  ['a method that FHIR does not have here', 'PATCH', 'Patient/_search', [404, 405]],
  ['a method that nobody has here', 'PROPFIND', 'Patient/1', [404, 405]],
  ['a POST to an instance', 'POST', 'Patient/1', [404, 405]],
  ['a PUT to a type', 'PUT', 'metadata', [404, 405]],
])('%s is refused', async (_what, method, path, statuses) => {
  const answer = await ask(method, path);
  expect(faultOf(answer)).toBeUndefined();
  expect(statuses).toContain(answer.status);
  if (answer.status === 405) expect(answer.headers.get('allow')).toMatch(/[A-Z]/);
});

const body = JSON.stringify(heartRate('someone', 70));

test.each([
  'text/plain',
  'application/xml',
  'application/fhir+xml',
  'multipart/form-data; boundary=x',
  'nonsense',
  'application/json; charset=utf-16',
])('a body of the media type %s gets 415', async (type) => {
  const answer = await ask('POST', 'Observation', { 'Content-Type': type }, body);
  expect([faultOf(answer), answer.status]).toEqual([undefined, 415]);
});

test.each(['application/fhir+xml', 'text/turtle', 'application/pdf'])(
  'an answer as %s can’t be had: 406',
  async (type) => {
    const answer = await ask('GET', 'Patient?_count=1', { Accept: type });
    expect([faultOf(answer), answer.status]).toEqual([undefined, 406]);
  },
);

test.each<[string, string, string, Record<string, string>, number[]]>([
  [
    'If-None-Exist of two conditions, one unknown',
    'POST',
    'Observation',
    { 'If-None-Exist': 'code=x&colour=red' },
    [400, 412],
  ],
  [
    'If-None-Exist of an unknown parameter',
    'POST',
    'Observation',
    { 'If-None-Exist': 'colour=red' },
    [400, 412],
  ],
  ['If-None-Exist of nothing', 'POST', 'Observation', { 'If-None-Exist': '' }, [400, 403, 412, 422]],
])('%s is refused', async (_what, method, path, headers, statuses) => {
  const answer = await ask(method, path, { 'Content-Type': 'application/fhir+json', ...headers }, body);
  expect(faultOf(answer)).toBeUndefined();
  expect(statuses).toContain(answer.status);
});

test.each(['nonsense', '"', '1', '*, *', 'W/"-1"'])(
  'If-Match: %s, which no version has, changes nothing',
  async (etag) => {
    const patient = await hospital.create({ resourceType: 'Patient', name: [{ family: 'Nobody' }] });
    const change = JSON.stringify({ ...patient, gender: 'other' });
    const headers = { 'Content-Type': 'application/fhir+json', 'If-Match': etag };
    const answer = await ask('PUT', `Patient/${patient.id}`, headers, change);
    expect(faultOf(answer)).toBeUndefined();
    expect([400, 412]).toContain(answer.status);
    expect(resourceOf(await hospital.get(`Patient/${patient.id}`))['gender']).toBeUndefined();
  },
);

test.each<[string, Record<string, string>]>([
  ['no token', {}],
  ['a token that nobody gave out', { Authorization: 'Bearer invented' }],
  ['an empty token', { Authorization: 'Bearer ' }],
  ['another scheme', { Authorization: 'Basic YTpi' }],
  ['a token of 7,000 characters', { Authorization: `Bearer ${'x'.repeat(7000)}` }],
])('%s gets 401, and the way to a token', async (_what, headers) => {
  for (const path of ['Patient', 'Patient/x', 'Patient/x/$everything', '']) {
    const answer = await send(`${FHIR_BASE}/${path}`.replace(/\/$/, path === '' ? '?_type=Patient' : '/'), {
      headers,
    });
    expect([path, faultOf(answer), answer.status]).toEqual([path, undefined, 401]);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  }
});
