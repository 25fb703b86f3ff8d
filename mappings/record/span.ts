import type { Span } from '@fhir-fabric-gateway/chaincode/api';
import { isObject, text, valuesAt, type Json, type JsonObject } from '../resource.ts';

const DAY = '(\\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\\d|3[01])';
const TIME =
  'T([01]\\d|2[0-3]):([0-5]\\d):([0-5]\\d|60)(?:\\.(\\d{1,9}))?(Z|[+-](?:(?:0\\d|1[0-3]):[0-5]\\d|14:00))';
const DATE = new RegExp(`^${DAY}(?:${TIME})?)?)?$`);

/** Date.UTC, but for years below 100 too. */
function utc(year: number, month: number, day = 1, hour = 0, minute = 0, second = 0): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  date.setUTCHours(hour, minute, second);
  return date.getTime();
}

function offsetMinutes(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return zone.startsWith('-') ? -minutes : minutes;
}

/**
 * The span that a FHIR date, dateTime or instant covers: `2026-03` the whole month in UTC, a time without a fraction
 * its whole second. Undefined when it is malformed or names a day that no month has.
 * https://hl7.org/fhir/R4/datatypes.html#dateTime
 */
export function spanOf(date: string): readonly [from: number, to: number] | undefined {
  const match = DATE.exec(date);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const y = Number(year);
  if (y === 0) return undefined;
  if (month === undefined) return [utc(y, 0), utc(y + 1, 0) - 1];
  const m = Number(month) - 1;
  if (day === undefined) return [utc(y, m), utc(y, m + 1) - 1];
  const d = Number(day);
  const midnight = utc(y, m, d);
  if (new Date(midnight).getUTCMonth() !== m) return undefined;
  if (zone === undefined) return [midnight, utc(y, m, d + 1) - 1];
  const digits = (fraction ?? '').slice(0, 3);
  const from =
    utc(y, m, d, Number(hour), Number(minute), Number(second)) -
    offsetMinutes(zone) * 60_000 +
    Number(digits.padEnd(3, '0'));
  return [from, from + 10 ** (3 - digits.length) - 1];
}

/** A Period as a span, both ends included; an absent end is null. Undefined when an end is malformed or both are absent. */
export function periodSpan(period: JsonObject): Span | undefined {
  const { start, end } = period;
  if (start === undefined && end === undefined) return undefined;
  const from = start === undefined ? null : spanOf(text(start) ?? '')?.[0];
  const to = end === undefined ? null : spanOf(text(end) ?? '')?.[1];
  if (from === undefined || to === undefined) return undefined;
  return [from, to];
}

/** The shortest span that covers them all; open where one of them is. */
export function cover(spans: readonly Span[]): Span | undefined {
  const [first, ...others] = spans;
  return first && others.reduce(([from, to], next) => [earlier(from, next[0]), later(to, next[1])], first);
}

const earlier = (a: number | null, b: number | null) => (a === null || b === null ? null : Math.min(a, b));
const later = (a: number | null, b: number | null) => (a === null || b === null ? null : Math.max(a, b));

/** Where an end is absent, or no date, the period is open: it may have lasted a day or go on, nobody said. */
function momentOfPeriod(period: JsonObject): Span | undefined {
  const [start, end] = [period['start'], period['end']].map((value) => spanOf(text(value) ?? ''));
  // Turned round, it is no less clinical fact that something happened at both ends.
  if (start && end) return cover([start, end]);
  return start || end ? [start?.[0] ?? null, end?.[1] ?? null] : undefined;
}

/** What a date, dateTime, instant, Period or Timing covers as clinical fact. A Timing that says no time is undefined. */
export function momentOf(value: Json): Span | undefined {
  if (typeof value === 'string') return spanOf(value);
  if (!isObject(value)) return undefined;
  const { event, repeat } = value;
  if (event === undefined && repeat === undefined) return momentOfPeriod(value);
  const times = [
    ...(Array.isArray(event) ? event : []),
    ...(isObject(repeat) ? valuesAt(repeat, 'boundsPeriod') : []),
  ];
  return cover(times.map(momentOf).filter((span) => span !== undefined));
}
