import { parseNear, SearchValueError, type NearValue } from '@fhir-fabric-gateway/mappings';
import { sql } from '../sql.ts';
import type { DialectWords } from '../connection.ts';
import { canonicalUnit } from '../units/canonical.ts';
import { either, onValues, unsupportedModifier, type Asked, type Condition, type Sql } from './condition.ts';
import { alternatives } from './values.ts';

/** Metres: the Earth as a ball. */
const RADIUS = 6_371_008.8;
const LENGTH = canonicalUnit('m')?.dimension;
/** What is near when nobody says how near. */
const DEFAULT_DISTANCE = 50;
const DEFAULT_UNIT = 'km';

function metres({ distance = DEFAULT_DISTANCE, unit = DEFAULT_UNIT }: NearValue): number {
  const length = canonicalUnit(unit);
  if (length === undefined || length.dimension !== LENGTH)
    throw new SearchValueError(`${unit} is no unit of length: write km, m, [mi_us]`);
  return length.of(distance);
}

const halfSine = (degrees: Sql): Sql => sql`(sin(radians(${degrees} / 2)) * sin(radians(${degrees} / 2)))`;

/** That a place, latitude in `low` and longitude in `high`, is within a distance on a great circle (haversine). */
function within(v: string, { latitude, longitude, distance }: NearValue & { distance: number }): Sql {
  const angle = Math.min(distance / RADIUS, Math.PI);
  const reach = (angle * 180) / Math.PI + 1e-9;
  const [low, high] = [sql.ref(`${v}.low`), sql.ref(`${v}.high`)];
  const across = Math.cos((latitude * Math.PI) / 180);
  return sql`(${low} between ${latitude - reach} and ${latitude + reach}
    and ${halfSine(sql`(${low} - ${latitude})`)} + ${across} * cos(radians(${low})) * ${halfSine(sql`(${high} - ${longitude})`)}
      <= ${Math.sin(angle / 2) ** 2 + 1e-15})`;
}

/**
 * `near`: Locations within a distance of a place, 50 km where none is given.
 * https://hl7.org/fhir/R4/location.html#positional
 */
export function nearCondition(words: DialectWords, asked: Asked): Condition {
  if (asked.modifier !== undefined) throw unsupportedModifier(asked);
  const places = alternatives(asked, (piece) => {
    const place = parseNear(piece);
    return { ...place, distance: metres(place) };
  });
  return onValues(
    words,
    'quantity',
    asked.parameters.map(({ number }) => number),
    (v) => either(places.map((place) => within(v, place))),
    35,
  );
}
