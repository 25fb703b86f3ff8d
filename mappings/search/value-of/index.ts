import type { Path } from '../path.ts';
import type { SearchParameterType } from '../values.ts';
import { dateRule } from './date.ts';
import { specialRule } from './position.ts';
import { numberRule, quantityRule } from './quantity.ts';
import { referenceRule } from './reference.ts';
import type { Rule } from './rule.ts';
import { stringRule } from './string.ts';
import { tokenRule } from './token.ts';
import { uriRule } from './uri.ts';

const none = (): undefined => undefined;

const rules: Readonly<Record<SearchParameterType, (path: Path) => Rule | undefined>> = {
  date: dateRule,
  number: numberRule,
  quantity: quantityRule,
  reference: referenceRule,
  string: stringRule,
  token: tokenRule,
  uri: uriRule,
  composite: none,
  special: specialRule,
};

/** How a parameter of some type finds what is at a path; undefined where the specification has it find nothing. */
export const ruleFor = (type: SearchParameterType, path: Path): Rule | undefined => rules[type](path);

export type { ExtractOptions, Rule } from './rule.ts';
