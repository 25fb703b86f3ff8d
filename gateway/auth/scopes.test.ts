import fc from 'fast-check';
import {
  covers,
  formatScope,
  intersect,
  isWithin,
  parseScope,
  parseScopes,
  PERMISSIONS,
  type Scope,
} from './scopes.ts';

const parsed = (text: string): Scope => {
  const scope = parseScope(text);
  if (!scope) throw new Error(`${text} is no scope`);
  return scope;
};

describe('a scope is read', () => {
  test.each([
    ['patient/Observation.read', 'patient/Observation.rs'],
    ['patient/Observation.write', 'patient/Observation.cud'],
    ['user/*.*', 'user/*.cruds'],
    ['system/*.rs', 'system/*.rs'],
    ['patient/Observation.rs?category=laboratory', 'patient/Observation.rs?category=laboratory'],
    ['patient/Observation.r?category=a|b&code=c', 'patient/Observation.r?category=a%7Cb&code=c'],
  ])('%s as %s', (text, v2) => {
    expect(formatScope(parsed(text))).toBe(v2);
  });

  test.each([
    ...[
      '',
      'openid',
      'patient',
      'patient/',
      'patient/Observation',
      'patient/Observation.',
      'patient/Observation.sr',
    ],
    ...[
      'patient/Observation.rr',
      'patient/Nonsense.rs',
      'patient/observation.rs',
      'Patient/Observation.rs',
      'patient/*.x',
    ],
    ...['patient/Observation.read?category=a', 'patient/Observation.rs?', 'patient/Observation.rs?category'],
    ...[
      'patient/Observation.rs?_count=1',
      'patient/Observation.rs?_include=*',
      'patient/Observation.rs?a.b=1',
    ],
    ...[
      'launch/patient',
      'patient/Observation.rs extra',
      'patient/__proto__.rs',
      'patient/Observation.constructor',
    ],
  ])('%j not at all', (text) => {
    expect(parseScope(text)).toBeUndefined();
  });

  test('in a list, what is none is left out', () => {
    expect(parseScopes('openid patient/Patient.r launch/patient user/*.cruds').map(formatScope)).toEqual([
      'patient/Patient.r',
      'user/*.cruds',
    ]);
  });
});

test('a token covers what any of its scopes allows', () => {
  const scopes = parseScopes('patient/Observation.rs user/*.c');
  expect(covers(scopes, 'read', 'Observation')).toBe(true);
  expect(covers(scopes, 'create', 'Condition')).toBe(true);
  expect(covers(scopes, 'read', 'Condition')).toBe(false);
  expect(covers(scopes, 'delete', 'Observation')).toBe(false);
  expect(covers([], 'read', 'Observation')).toBe(false);
});

describe('one scope is within others', () => {
  test.each([
    ['patient/Observation.r', 'patient/*.rs', true],
    ['patient/Observation.cruds', 'patient/*.rs patient/Observation.cud', true],
    ['patient/*.rs', 'patient/Observation.rs', false],
    ['patient/Observation.rs', 'user/*.cruds', false],
    ['patient/Observation.rs', 'patient/Observation.rs?category=a', false],
    ['patient/Observation.rs?category=a', 'patient/Observation.rs', true],
    ['patient/Observation.rs?category=a&code=b', 'patient/Observation.rs?code=b', true],
    ['patient/Observation.rs?category=a', 'patient/Observation.rs?category=b', false],
  ])('%s in %s: %s', (scope, granted, within) => {
    expect(isWithin(parsed(scope), parseScopes(granted))).toBe(within);
  });
});

const anyScope: fc.Arbitrary<Scope> = fc
  .record({
    context: fc.constantFrom('patient', 'user'),
    type: fc.constantFrom('*', 'Observation', 'Condition'),
    letters: fc.subarray([...'cruds'], { minLength: 1 }),
    query: fc.subarray(['category=a', 'category=b', 'code=c']),
  })
  .map(({ context, type, letters, query }) =>
    parsed(`${context}/${type}.${letters.join('')}${query.length > 0 ? `?${query.join('&')}` : ''}`),
  );

describe('whatever the scopes', () => {
  test('what two have in common is within both', () => {
    fc.assert(
      fc.property(anyScope, anyScope, (a, b) => {
        const both = intersect(a, b);
        if (both) expect(isWithin(both, [a]) && isWithin(both, [b])).toBe(true);
      }),
    );
  });

  test('what is within another has all of itself in common with it', () => {
    fc.assert(
      fc.property(anyScope, anyScope, (a, b) => {
        if (!isWithin(a, [b])) return;
        const both = intersect(a, b);
        expect(PERMISSIONS.map((permission) => both?.[permission])).toEqual(
          PERMISSIONS.map((permission) => a[permission]),
        );
        expect(both?.type).toBe(a.type);
      }),
    );
  });

  test('each is within itself, and reads back as it is written', () => {
    fc.assert(
      fc.property(anyScope, (scope) => {
        expect(isWithin(scope, [scope])).toBe(true);
        expect(parseScope(formatScope(scope))).toEqual(scope);
      }),
    );
  });
});
