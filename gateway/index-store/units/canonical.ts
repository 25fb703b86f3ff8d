import ucum, { type Unit } from '@lhncbc/ucum-lhc';

/** https://ucum.org */
export const UCUM = 'http://unitsofmeasure.org';

/** How values of a unit are compared with those of others of its dimension. */
export interface CanonicalUnit {
  /** Exponents of the base units: m, s, g, rad, K, C, cd. */
  dimension: string;
  /** A value in base units, to twelve digits, so that what is equal stays equal. */
  of(value: number): number;
}

const LONGEST = 100;
const MOST_KEPT = 2000;
const DIGITS = 12;
const kept = new Map<string, CanonicalUnit | undefined>();

/** The unit that a code is, as it is written and nothing else. */
function unitOf(code: string): Unit | undefined {
  if (code.length > LONGEST || !/^[!-~]+$/.test(code)) return undefined;
  // Before its tables are loaded it knows no unit.
  const { uStrParser_: parser } = ucum.UcumLhcUtils.getInstance();
  const known = ucum.UnitTables.getInstance().getUnitByCode(code);
  if (known) return known;
  try {
    const [unit, taken, remarks] = parser.parseString(code, 'validate', false);
    return unit !== null && taken === code && remarks.length === 0 ? unit : undefined;
  } catch {
    return undefined;
  }
}

/** The same dimension on a ratio scale, in base units. */
function baseOf(unit: Unit): Unit {
  return Object.assign(unit.clone(), { magnitude_: 1, cnv_: null });
}

function canonicalOf(code: string): CanonicalUnit | undefined {
  const unit = unitOf(code);
  // Arbitrary units, such as [iU], are no multiple of anything.
  if (unit === undefined || unit.isArbitrary_ || !Number.isFinite(unit.magnitude_)) return undefined;
  const base = baseOf(unit);
  const convert =
    unit.cnv_ === null
      ? (value: number) => value * unit.magnitude_
      : (value: number) => base.convertFrom(value, unit);
  try {
    // Of a scale that runs the other way, such as pH, more would be less.
    if (!(convert(2) > convert(1))) return undefined;
  } catch {
    return undefined;
  }
  const exponents = unit.dim_?.dimVec_ ?? [];
  return {
    dimension: exponents.some((exponent) => exponent !== 0) ? exponents.join() : '1',
    of: (value) => Number(convert(value).toPrecision(DIGITS)),
  };
}

/** What a UCUM code stands for; undefined when it is none, or its values compare with no other unit's. */
export function canonicalUnit(code: string): CanonicalUnit | undefined {
  if (kept.has(code)) return kept.get(code);
  const unit = canonicalOf(code);
  const oldest = kept.keys().next();
  if (kept.size >= MOST_KEPT && !oldest.done) kept.delete(oldest.value);
  kept.set(code, unit);
  return unit;
}
