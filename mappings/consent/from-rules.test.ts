import {
  PURPOSES,
  RESOURCE_TYPES,
  RuleSchema,
  SECTIONS,
  type Rule,
  type Span,
} from '@fhir-fabric-gateway/chaincode/api';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { granteeOf } from './actors.ts';
import { compileConsent, type CompiledConsent } from './compile.ts';
import { firstGrant } from './first-grant.ts';
import { rulesToConsent } from './from-rules.ts';
import { consentParties } from './parties.ts';

const about = { patient: '1', dateTime: '2026-01-01T00:00:00Z' };
const id = fc.stringMatching(/^[A-Za-z0-9.-]{1,12}$/);
const some = <T>(values: fc.Arbitrary<T>) => fc.uniqueArray(values, { minLength: 1, maxLength: 3 });
const moment = fc.integer({
  min: Date.parse('0001-01-01T00:00:00Z'),
  max: Date.parse('9999-12-31T23:59:59.999Z'),
});
const span: fc.Arbitrary<Span> = fc.oneof(
  fc.tuple(moment, fc.constant(null)),
  fc.tuple(fc.constant(null), moment),
  fc.tuple(moment, moment).map(([a, b]): Span => [Math.min(a, b), Math.max(a, b)]),
);
const actor = fc
  .tuple(fc.constantFrom('Practitioner/#', 'Organization/#|IRCP', 'Organization/#|CST'), id)
  .map(([form, of]) => form.replace('#', of));
const label = fc
  .tuple(fc.constantFrom('', 'http://s.example/a'), fc.stringMatching(/^[A-Z]{1,4}$/))
  .map((pair) => pair.join('|'));
const conditions = {
  actors: some(actor),
  actions: some(fc.constantFrom('access', 'correct')),
  classes: some(fc.constantFrom(...RESOURCE_TYPES)),
  sections: some(fc.constantFrom(...SECTIONS)),
  labels: some(label),
  purposes: some(fc.constantFrom(...PURPOSES)),
  period: span,
  dataPeriod: span,
};
const type = fc.constantFrom('permit', 'deny');
const { rule } = fc.letrec<{ rule: Rule }>((tie) => ({
  rule: fc.record(
    {
      type,
      ...conditions,
      rules: fc.array(tie('rule'), { minLength: 1, maxLength: 2, depthIdentifier: 'rule' }),
    },
    { requiredKeys: ['type'] },
  ) as fc.Arbitrary<Rule>,
}));

/** Whether a permit below names no actor, and nothing above it does. */
function opensToAnybody(rule: Rule): boolean {
  return (rule.rules ?? []).some(
    (nested) => !nested.actors && (nested.type === 'permit' || opensToAnybody(nested)),
  );
}

/** Whether some permit is right below a permit, and has no exceptions: it decides nothing, and is refused. */
const idles = (rule: Rule): boolean =>
  (rule.rules ?? []).some(
    (nested) => (rule.type === 'permit' && nested.type === 'permit' && !nested.rules) || idles(nested),
  );

/** What a Consent with this root provision does, said once more. */
function effectOf(root: Rule): Extract<CompiledConsent, { effect: 'grant' | 'privacy' }> | undefined {
  if (idles(root)) return undefined;
  if (root.actors)
    return {
      effect: 'grant',
      grants: Object.fromEntries(root.actors.map((name) => [granteeOf(name), root])),
    };
  if (root.type === 'deny')
    return opensToAnybody(root) ? undefined : { effect: 'grant', grants: { '*': root } };
  if (!root.sections || root.actions?.includes('correct')) return undefined;
  return { effect: 'privacy', rule: root };
}

test('rules become a Consent that compiles to the same rules', () => {
  const isRule = new Ajv().compile(RuleSchema);
  let compiled = 0;
  fc.assert(
    fc.property(fc.oneof({ depthSize: 'small' }, rule), (root) => {
      const effect = effectOf(root);
      fc.pre(effect !== undefined);
      expect(compileConsent(rulesToConsent(effect, about))).toEqual(effect);
      expect(isRule(root)).toBe(true);
      compiled++;
    }),
    { numRuns: 500 },
  );
  expect(compiled).toBe(500);
});

test('opening a record grants it to the organisation’s systems, and to nobody else', () => {
  const consent = firstGrant({ patient: '1', organization: 'Organization/5', dateTime: about.dateTime });
  expect(consent).toMatchObject({ status: 'active', patient: { reference: 'Patient/1' } });
  expect(compileConsent(consent)).toEqual({
    effect: 'grant',
    grants: { 'Organization/5': { type: 'permit', actors: ['Organization/5|CST'] } },
  });
});

test('whoever a Consent names, at any depth, sees it', () => {
  const consent = rulesToConsent(
    {
      effect: 'privacy',
      rule: {
        type: 'permit',
        sections: ['vitals'],
        rules: [
          {
            type: 'deny',
            actors: ['Practitioner/2'],
            rules: [{ type: 'permit', actors: ['Organization/5|CST'] }],
          },
        ],
      },
    },
    about,
  );
  const performer = [
    { reference: 'Patient/1' },
    { reference: 'Practitioner/3' },
    { reference: 'Practitioner/2' },
  ];
  expect(consentParties({ ...consent, performer }).sort()).toEqual([
    'Organization/5',
    'Practitioner/2',
    'Practitioner/3',
  ]);
});

test('whoever a Consent names by an absolute reference to this server sees it, and no namesake elsewhere', () => {
  const base = 'https://fhir.example/fhir/R4';
  const named = (reference: string) => ({ actor: [{ reference: { reference } }] });
  const consent = {
    resourceType: 'Consent',
    provision: {
      ...named(`${base}/Practitioner/2`),
      provision: [
        named(`${base}/Organization/5/_history/1`),
        named('https://elsewhere.example/Practitioner/6'),
      ],
    },
    performer: [{ reference: `${base}/Practitioner/3` }, { reference: 'Practitioner/2' }],
  };
  expect(consentParties(consent, base).sort()).toEqual([
    'Organization/5',
    'Practitioner/2',
    'Practitioner/3',
  ]);
  expect(consentParties(consent)).toEqual(['Practitioner/2']);
});
