import fc from 'fast-check';
import { heartRate, imagingStudy, xrayReport } from '../clients/clinical.ts';
import { grantTo } from '../clients/consents.ts';
import { isObject } from '../clients/resource.ts';

/** Stands in a body for the id of a patient that is there. */
export const SOMEONE = 'id-of-someone';

/** Text that parsers stumble over. */
export const oddText = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 10 }),
  fc.constantFrom(
    ...['', ' ', "'", '"', '%', '%00', '\\', '$', '|', '||', ',', ':', '*', '..', '__proto__', 'null', '-1'],
    ...['1e999', '😀', '0000-00-00', '2026-01-01', 'ge2020', 'Patient/1', 'http://', '#', '\u202e'],
  ),
);

/** A segment of a path below the FHIR base. */
export const segment = fc.oneof(
  fc.constantFrom(
    ...[
      'Patient',
      'Observation',
      'Consent',
      'AuditEvent',
      'Binary',
      'ValueSet',
      'Group',
      '_history',
      '_search',
    ],
    ...['$everything', 'metadata', '*', '1', ''],
  ),
  oddText.map(encodeURIComponent),
);

const parameter = fc.oneof(
  fc.constantFrom(
    ...[
      '_id',
      '_count',
      '_sort',
      '_include',
      '_revinclude',
      '_has:Observation:patient:code',
      '_lastUpdated',
      '_page',
    ],
    ...[
      '_summary',
      '_elements',
      '_total',
      '_type',
      '_format',
      '_since',
      '_profile',
      '_tag',
      '_text',
      '_content',
    ],
    ...[
      '_filter',
      '_query',
      '_list',
      'patient',
      'code',
      'date',
      'value-quantity',
      'subject:Patient.name',
      'code:in',
    ],
    ...[
      'code:not',
      'date:missing',
      'combo-code-value-quantity',
      'identifier',
      'identifier:of-type',
      'code:text',
    ],
  ),
  oddText.map(encodeURIComponent),
);

/** A query string or a form. */
export const query = fc
  .array(fc.tuple(parameter, oddText.map(encodeURIComponent)), { maxLength: 4 })
  .map((pairs) => pairs.map((pair) => pair.join('=')).join('&'));

export const headers: fc.Arbitrary<Record<string, string>> = fc.dictionary(
  fc.constantFrom(
    ...[
      'If-Match',
      'If-None-Match',
      'If-Modified-Since',
      'If-None-Exist',
      'Prefer',
      'Accept',
      'Accept-Encoding',
    ],
    ...['Idempotency-Key', 'X-Request-Id', 'Origin', 'X-Forwarded-Host', 'X-Forwarded-Proto'],
  ),
  fc.oneof(
    fc.string({ maxLength: 20 }).map((text) => text.replace(/[^\x20-\x7e]/g, '').trim()),
    fc.constantFrom(
      'W/"1"',
      '*',
      'return=minimal',
      'handling=lenient',
      'respond-async',
      'application/fhir+json',
      'code=x',
    ),
  ),
  { maxKeys: 3 },
);

const request = (method: string, url: string) => ({ method, url });
const VALID: readonly object[] = [
  heartRate(SOMEONE, 70),
  imagingStudy(SOMEONE, 'ServiceRequest/1'),
  xrayReport(SOMEONE, 'ServiceRequest/1', 'ImagingStudy/1'),
  grantTo(SOMEONE, 'Practitioner/1', 'proposed'),
  { resourceType: 'Patient', name: [{ family: 'x' }], birthDate: '2000-01-01' },
  {
    resourceType: 'Provenance',
    target: [{ reference: `Patient/${SOMEONE}` }],
    recorded: '2026-01-01T00:00:00Z',
  },
  {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        fullUrl: 'urn:uuid:00000000-0000-4000-8000-000000000001',
        resource: heartRate(SOMEONE, 1),
        request: { ...request('POST', 'Observation'), ifNoneExist: 'code=x' },
      },
      { request: request('GET', `Patient/${SOMEONE}`) },
    ],
  },
  {
    resourceType: 'Bundle',
    type: 'batch',
    entry: [{ request: request('GET', `Observation?patient=${SOMEONE}`) }],
  },
];

/** Where in a value something can be put in the place of what is there. */
function places(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  const inside: [string | number, unknown][] = Array.isArray(value)
    ? [...(value as unknown[]).entries()]
    : isObject(value)
      ? Object.entries(value)
      : [];
  return [[...path], ...inside.flatMap(([name, item]) => places(item, [...path, name]))];
}

function put(value: unknown, [name, ...rest]: readonly (string | number)[], what: unknown): unknown {
  if (name === undefined) return what;
  if (Array.isArray(value))
    return value.map((item: unknown, at) => (at === name ? put(item, rest, what) : item));
  return isObject(value) ? { ...value, [name]: put(value[name], rest, what) } : value;
}

const replacement = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  oddText,
  fc.constantFrom<unknown>(
    null,
    [],
    {},
    [[]],
    [null],
    0,
    -0.5,
    1e21,
    true,
    { reference: '#x' },
    { extension: [{}] },
  ),
);

/** A resource or a Bundle that was valid, with something else in a few places. */
export const mutated: fc.Arbitrary<unknown> = fc
  .tuple(
    fc.constantFrom(...VALID),
    fc.array(fc.tuple(fc.nat(), replacement, fc.boolean(), oddText), { minLength: 1, maxLength: 3 }),
  )
  .map(([valid, changes]) =>
    changes.reduce<unknown>((value, [at, what, added, name]) => {
      const all = places(value);
      const place = all[at % all.length] ?? [];
      return put(value, added ? [...place, name] : place, what);
    }, valid),
  );

/** The text of a resource, with a stretch of it cut out, doubled or overwritten. */
export const garbled: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...VALID),
    fc.nat(),
    fc.nat(30),
    fc.oneof(oddText, fc.constantFrom('DOUBLE', '{', '[', ']', '}', ',', '\\u0000', '\\ud800')),
  )
  .map(([valid, at, length, text]) => {
    const whole = JSON.stringify(valid);
    const start = at % whole.length;
    const piece = text === 'DOUBLE' ? whole.slice(start, start + length).repeat(2) : text;
    return whole.slice(0, start) + piece + whole.slice(start + length);
  });
