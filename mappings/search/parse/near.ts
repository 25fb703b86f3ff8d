import { SearchValueError } from './error.ts';
import { splitValue, unescapeValue } from './escape.ts';

export interface NearValue {
  /** Degrees, WGS84. */
  latitude: number;
  longitude: number;
  distance?: number;
  /** UCUM code of the distance's unit. */
  unit?: string;
}

const NUMBER = /^[+-]?\d{1,6}(\.\d{1,20})?$/;

function degrees(text: string | undefined, most: number): number {
  const number = NUMBER.test(text ?? '') ? Number(text) : NaN;
  if (!(Math.abs(number) <= most))
    throw new SearchValueError(
      'Not a place: write latitude|longitude|distance|unit, in degrees and a UCUM unit',
    );
  return number;
}

/** Reads `latitude|longitude`, `...|distance` or `...|distance|unit`. Throws SearchValueError. */
export function parseNear(value: string): NearValue {
  const [latitude, longitude, distance = '', unit = '', ...more] = splitValue(value, '|').map(unescapeValue);
  if (more.length > 0) throw new SearchValueError('Not a place: write latitude|longitude|distance|unit');
  const place = { latitude: degrees(latitude, 90), longitude: degrees(longitude, 180) };
  if (distance === '') {
    if (unit === '') return place;
    throw new SearchValueError('A unit needs a distance before it');
  }
  if (!NUMBER.test(distance) || Number(distance) < 0)
    throw new SearchValueError('A distance is a number from 0');
  return { ...place, distance: Number(distance), ...(unit !== '' && { unit }) };
}
