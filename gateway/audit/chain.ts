/**
 * Rows are numbered by their place in a chain, from 1, and the number says which chain that is. A SQLite log has the one
 * chain 0; in a PostgreSQL log, which replicas share, each writer has its own.
 */
export const PLACES = 2 ** 40;

/** Chains that there can be: their rows' numbers are whole numbers that JavaScript holds exactly. */
export const MAX_CHAINS = 2 ** 13;

export const rowNumber = (chain: number, place: number): number => chain * PLACES + place;
export const chainOf = (seq: number): number => Math.floor(seq / PLACES);
export const placeOf = (seq: number): number => seq % PLACES;

/** Where a chain ends: its number, how many rows it has, and the hash of the last. */
export interface ChainHead {
  chain: number;
  rows: number;
  hash: Uint8Array;
}
