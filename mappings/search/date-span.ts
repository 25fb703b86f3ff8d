/** Milliseconds since 1970, both ends included. */
export interface DateSpan {
  from: number;
  to: number;
}

const DATE =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?(?:(Z)|([+-])(\d\d):(\d\d))?)?)?)?$/;
const MINUTE = 60_000;

/** As Date.UTC, which takes the years 0 to 99 for 1900 to 1999. */
function utc(year: number, month: number, day: number): number {
  if (year > 99) return Date.UTC(year, month, day);
  return new Date(0).setUTCFullYear(year, month, day);
}

/**
 * The span that a FHIR date, dateTime or instant covers: a day for 2013-01-14, a second for ...T10:00:00Z, a
 * millisecond for ...T10:00:00.000Z. Without a zone it is read as UTC; seconds may be left out, as search allows.
 * Undefined if it isn't one. https://hl7.org/fhir/R4/search.html#date
 */
export function dateSpan(text: string): DateSpan | undefined {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [
    ,
    yearText,
    monthText,
    dayText,
    hourText,
    minuteText,
    secondText,
    fraction,
    ,
    sign,
    zoneHour,
    zoneMinute,
  ] = match;
  const year = Number(yearText);
  if (monthText === undefined) return { from: utc(year, 0, 1), to: utc(year + 1, 0, 1) - 1 };
  const month = Number(monthText) - 1;
  if (month < 0 || month > 11) return undefined;
  if (dayText === undefined) return { from: utc(year, month, 1), to: utc(year, month + 1, 1) - 1 };
  const day = Number(dayText);
  const midnight = utc(year, month, day);
  if (day < 1 || new Date(midnight).getUTCDate() !== day) return undefined;
  if (hourText === undefined) return { from: midnight, to: midnight + 24 * 60 * MINUTE - 1 };
  const hour = Number(hourText);
  const minute = Number(minuteText);
  const second = secondText === undefined ? 0 : Number(secondText);
  // 60 is a leap second.
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  let from = midnight + hour * 60 * MINUTE + minute * MINUTE + second * 1000;
  if (sign !== undefined) {
    if (Number(zoneHour) > 14 || Number(zoneMinute) > 59) return undefined;
    const offset = (Number(zoneHour) * 60 + Number(zoneMinute)) * MINUTE;
    from -= sign === '-' ? -offset : offset;
  }
  if (secondText === undefined) return { from, to: from + MINUTE - 1 };
  if (fraction === undefined) return { from, to: from + 999 };
  const start = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const length = fraction.length >= 3 ? 1 : 10 ** (3 - fraction.length);
  return { from: from + start, to: from + start + length - 1 };
}
