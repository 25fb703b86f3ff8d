/** Random choices that a seed repeats. */
export interface Chance {
  /** A whole number from 0 to `below` - 1. */
  below(below: number): number;
  /** True in `percent` of 100 cases. */
  happens(percent: number): boolean;
  pick<T>(from: readonly [T, ...T[]] | readonly T[]): T;
  /** Each of them with the same chance, in order. */
  some<T>(from: readonly T[], percent: number): T[];
}

/** Mulberry32: small, and the same everywhere. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (most: number) => Math.floor(next() * most);
  const happens = (percent: number) => next() * 100 < percent;
  return {
    below,
    happens,
    pick(from) {
      const chosen = from[below(from.length)];
      if (chosen === undefined) throw new RangeError('there is nothing to choose from');
      return chosen;
    },
    some: (from, percent) => from.filter(() => happens(percent)),
  };
}
