import { CONFIDENTIALITY, NORMAL } from './confidentiality.ts';
import { evaluateRule, type AccessRequest, type Rule } from './rules.ts';

const asked = (more: Partial<AccessRequest>): AccessRequest => ({
  ...{ requester: { role: 'doctor' }, action: 'access', purpose: 'TREAT', now: 0 },
  ...{ type: 'Condition', section: 'diagnosis', labels: [], date: null },
  ...more,
});
const level = (code: string) => CONFIDENTIALITY + code;

test.each([
  [['TREAT'], 'ETREAT', 'permit'],
  [['TREAT'], 'BTG', 'permit'],
  [['ETREAT'], 'TREAT', 'none'],
  [['HPAYMT', 'HRESCH'], 'CLINTRCHPC', 'permit'],
  [['PurposeOfUse'], 'FAMRQT', 'permit'],
  [['HPAYMT'], 'unheard of', 'none'],
])('what is permitted for %j covers %s: %s', (purposes, purpose, verdict) => {
  expect(evaluateRule({ type: 'permit', purposes }, asked({ purpose }))).toBe(verdict);
});

test.each([
  [[], 'permit'],
  [['urn:x|y'], 'permit'],
  [[NORMAL], 'permit'],
  [[level('R')], 'none'],
  [[level('L')], 'none'],
  [[NORMAL, level('V')], 'none'],
])('of what is labelled %j as normal: %s', (labels, verdict) => {
  const rule: Rule = { type: 'permit', labels: [NORMAL] };
  expect(evaluateRule(rule, asked({ labels }))).toBe(verdict);
});
