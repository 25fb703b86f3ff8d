import type { Rule, Span } from '../rules.ts';
import { SECTIONS } from '../sections.ts';
import { type Codec, list, nested, oneOf, optional, struct, text } from './codec.ts';

const OPEN = 0;
const SINCE_1970 = 1;
const BEFORE_1970 = 2;

/** A moment in milliseconds since 1970; null is open. */
const moment: Codec<number | null> = {
  write(out, value) {
    if (value === null) return out.byte(OPEN);
    out.byte(value < 0 ? BEFORE_1970 : SINCE_1970);
    out.integer(Math.abs(value));
  },
  read(from) {
    switch (from.byte()) {
      case OPEN:
        return null;
      case SINCE_1970:
        return from.integer();
      case BEFORE_1970:
        return -from.integer();
      default:
        throw new RangeError('not a moment');
    }
  },
};

const span: Codec<Span> = {
  write(out, [from, to]) {
    moment.write(out, from);
    moment.write(out, to);
  },
  read: (from) => [moment.read(from), moment.read(from)],
};

export const rule: Codec<Rule> = struct<Rule>({
  type: oneOf(['permit', 'deny']),
  actors: optional(list(text)),
  actions: optional(list(oneOf(['access', 'correct']))),
  classes: optional(list(text)),
  sections: optional(list(oneOf(SECTIONS))),
  labels: optional(list(text)),
  purposes: optional(list(text)),
  period: optional(span),
  dataPeriod: optional(span),
  rules: optional(list(nested(() => rule))),
});
