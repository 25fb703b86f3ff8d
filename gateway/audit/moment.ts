/** A span in milliseconds since 1970, both ends included. */
export interface Moment {
  from: number;
  to: number;
}

const PATTERN =
  /^(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01])(?:T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?)?)?)?$/;

/**
 * The span that a FHIR date, dateTime or instant covers, by its precision (2020-02: all of February). A time without a
 * zone is UTC. Undefined for what is none. https://hl7.org/fhir/R4/search.html#date
 */
export function momentOf(value: string): Moment | undefined {
  const parts = PATTERN.exec(value);
  if (parts === null) return undefined;
  const [, year = '', month, day, hour, minute = '00', second, fraction, zone = 'Z'] = parts;
  const date = `${year}-${month ?? '01'}-${day ?? '01'}`;
  const midnight = new Date(`${date}T00:00:00Z`);
  if (midnight.toISOString().slice(0, 10) !== date) return undefined;
  if (hour === undefined) {
    const next = new Date(midnight);
    if (month === undefined) next.setUTCFullYear(next.getUTCFullYear() + 1);
    else if (day === undefined) next.setUTCMonth(next.getUTCMonth() + 1);
    else next.setUTCDate(next.getUTCDate() + 1);
    return { from: midnight.getTime(), to: next.getTime() - 1 };
  }
  const milliseconds = (fraction ?? '').slice(0, 3);
  const from = Date.parse(
    `${date}T${hour}:${minute}:${second ?? '00'}.${milliseconds.padEnd(3, '0')}${zone}`,
  );
  const length = second === undefined ? 60_000 : 10 ** (3 - milliseconds.length);
  return { from, to: from + length - 1 };
}
