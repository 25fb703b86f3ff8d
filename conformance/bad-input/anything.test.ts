import fc from 'fast-check';
import { send } from '../clients/answer.ts';
import { systemSession } from '../clients/backend.ts';
import { faultOf, PATIENCE_WITH_BAD_INPUT } from '../clients/refusal.ts';
import { isObject } from '../clients/resource.ts';
import type { Session } from '../clients/session.ts';
import { FHIR_BASE } from '../clients/target.ts';
import { garbled, headers, mutated, query, segment, SOMEONE } from './odd-input.ts';

/**
 * Whatever is sent, the server answers in time, never with a 5xx, and says why not in an OperationOutcome. RUNS and SEED
 * in the environment try more, or the same again.
 */
const RUNS = Number(process.env['RUNS'] ?? 300);
const SEED = process.env['SEED'];
const AT_ONCE = 4;
const JSON_BODY = { 'Content-Type': 'application/fhir+json' };
const FORM_BODY = { 'Content-Type': 'application/x-www-form-urlencoded' };

interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
}

let hospital: Session;
let patient: string;

beforeAll(async () => {
  hospital = await systemSession('hospital-system');
  patient = (await hospital.create({ resourceType: 'Patient', name: [{ family: 'Anything' }] })).id;
});

async function assertAnswered(sent: Sent): Promise<void> {
  const answer = await send(`${FHIR_BASE}/${sent.path}`.replace(/\/$/, ''), {
    method: sent.method,
    headers: { Authorization: `Bearer ${hospital.token}`, ...sent.headers },
    ...(sent.body !== undefined && { body: sent.body.replaceAll(SOMEONE, patient) }),
    signal: AbortSignal.timeout(PATIENCE_WITH_BAD_INPUT),
  });
  const fault = answer.status < 400 || sent.method === 'HEAD' ? undefined : faultOf(answer);
  if (answer.status >= 500 || fault !== undefined) {
    throw new Error(`${fault}: ${JSON.stringify(sent)} → ${answer.status} ${answer.text.slice(0, 300)}`);
  }
}

async function assertAllAnswered(requests: fc.Arbitrary<Sent>): Promise<void> {
  const several = fc.array(requests, { minLength: 1, maxLength: AT_ONCE });
  await fc.assert(
    fc.asyncProperty(several, async (all) => void (await Promise.all(all.map(assertAnswered)))),
    { numRuns: Math.ceil(RUNS / AT_ONCE), ...(SEED !== undefined && { seed: Number(SEED) }) },
  );
}

test('any path, query and headers are answered', async () => {
  const method = fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS');
  const path = fc
    .tuple(fc.array(segment, { maxLength: 4 }), query)
    .map(([segments, text]) => segments.join('/') + (text === '' ? '' : `?${text}`))
    .filter((text) => new URL(`${FHIR_BASE}/${text}`).href.startsWith(FHIR_BASE));
  await assertAllAnswered(fc.record({ method, path, headers }));
});

test('any search of a type is answered, by GET or POST', async () => {
  const type = fc.constantFrom(
    'Patient',
    'Observation',
    'Encounter',
    'Consent',
    'Medication',
    'Organization',
    'AuditEvent',
  );
  const search = fc
    .tuple(type, query, fc.boolean())
    .map(([name, text, post]): Sent =>
      post
        ? { method: 'POST', path: `${name}/_search`, headers: FORM_BODY, body: text }
        : { method: 'GET', path: `${name}?${text}`, headers: {} },
    );
  await assertAllAnswered(search);
});

test('any resource or Bundle with something else in its place is answered', async () => {
  await assertAllAnswered(
    mutated.map((body) => {
      const type = isObject(body) ? String(body['resourceType']) : '';
      const path = type === 'Bundle' ? '' : /^[A-Z][a-zA-Z]+$/.test(type) ? type : 'Observation';
      return { method: 'POST', path, headers: JSON_BODY, body: JSON.stringify(body) ?? '' };
    }),
  );
});

test('any garbled text of a resource is answered', async () => {
  await assertAllAnswered(
    garbled.map((body) => ({
      method: 'POST',
      path: /"Bundle"/.test(body) ? '' : 'Observation',
      headers: JSON_BODY,
      body,
    })),
  );
});
