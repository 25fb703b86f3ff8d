import type { Rule } from '@fhir-fabric-gateway/chaincode/api';
import { evaluateRule } from '@fhir-fabric-gateway/chaincode/api';
import { ruleOf, shapeOf } from './rule-shape.ts';

const permit = (actors: string[], more: Partial<Rule> = {}): Rule => ({ type: 'permit', actors, ...more });

test('the same grant by any patient to anyone is one shape, whatever its period', () => {
  const shapes = [
    shapeOf(permit(['Practitioner/1']), 'Practitioner/1'),
    shapeOf(permit(['Practitioner/2', 'Practitioner/1'], { period: [0, 1] }), 'Practitioner/2'),
    shapeOf(permit(['Organization/5|IRCP']), 'Organization/5'),
    shapeOf(permit(['Organization/6']), 'Organization/6'),
  ];
  expect(new Set(shapes.map(({ shape }) => shape)).size).toBe(1);
  expect(shapes.map(({ period }) => period)).toEqual([
    [null, null],
    [0, 1],
    [null, null],
    [null, null],
  ]);
});

test('a grant to the systems of an organisation stays one for its systems only', () => {
  const { shape } = shapeOf(permit(['Organization/5|CST']), 'Organization/5');
  expect(shape).toBe(shapeOf(permit(['Organization/6|CST']), 'Organization/6').shape);
  const rule = ruleOf(shape, 'Organization/5');
  const asked = (role: 'system' | 'doctor') =>
    evaluateRule(rule, {
      requester: { role, organization: 'Organization/5' },
      action: 'access',
      purpose: 'TREAT',
      now: 0,
      type: 'Observation',
      section: 'vitals',
      labels: [],
      date: null,
    });
  expect([asked('system'), asked('doctor')]).toEqual(['permit', 'none']);
});

test('rules that say something else are other shapes', () => {
  const shapes = [
    permit(['Practitioner/1']),
    permit(['Practitioner/1'], { classes: ['Observation'] }),
    permit(['Practitioner/1'], { rules: [{ type: 'deny', sections: ['notes'] }] }),
    { type: 'deny' as const, actors: ['Practitioner/1'] },
  ].map((rule) => shapeOf(rule, 'Practitioner/1').shape);
  expect(new Set(shapes).size).toBe(4);
});
