import { dateSpan, type DateSpan } from '../date-span.ts';
import { isObject, type Json } from '../../resource.ts';
import { listOf, textOf } from '../json.ts';
import type { IndexedValue } from '../values.ts';
import type { Path } from '../path.ts';
import type { Rule } from './rule.ts';

const spanOf = (text: Json | undefined): DateSpan | undefined =>
  typeof text === 'string' ? dateSpan(text) : undefined;

const add = (span: DateSpan | undefined, into: IndexedValue[]): void => {
  if (span !== undefined) into.push({ kind: 'date', from: span.from, to: span.to });
};

// A missing end is open; a period of which nothing is known is found by nothing.
function periodSpan(period: Json | undefined): DateSpan | undefined {
  if (!isObject(period)) return undefined;
  const start = spanOf(textOf(period, 'start'));
  const end = spanOf(textOf(period, 'end'));
  if (start === undefined && end === undefined) return undefined;
  return { from: start?.from ?? -Infinity, to: end?.to ?? Infinity };
}

// Only the outer limits of a schedule count.
function timingSpan(timing: Json): DateSpan | undefined {
  if (!isObject(timing)) return undefined;
  const repeat = timing['repeat'];
  const bounds = isObject(repeat) ? periodSpan(repeat['boundsPeriod']) : undefined;
  const spans = [...listOf(timing, 'event').map(spanOf), bounds].filter((span) => span !== undefined);
  if (spans.length === 0) return undefined;
  return {
    from: spans.reduce((least, { from }) => Math.min(least, from), Infinity),
    to: spans.reduce((most, { to }) => Math.max(most, to), -Infinity),
  };
}

const date: Rule = (element, into) => {
  add(spanOf(element), into);
};
const period: Rule = (element, into) => {
  add(periodSpan(element), into);
};
const timing: Rule = (element, into) => {
  add(timingSpan(element), into);
};

/** The spans that dates, periods and schedules cover. https://hl7.org/fhir/R4/search.html#date */
export function dateRule(path: Path): Rule | undefined {
  switch (path.type) {
    case 'date':
    case 'dateTime':
    case 'instant':
      return date;
    case 'Period':
      return period;
    case 'Timing':
      return timing;
    default:
      return undefined;
  }
}
