import { createHash } from 'node:crypto';

/**
 * Strings are indexed and compared up to this many UTF-16 units: no key that holds two of them is then larger than the
 * 2,704 bytes that PostgreSQL takes.
 */
const LENGTH = 400;

/** The character of code 0 is in no text of PostgreSQL's. */
const storable = (text: string): string => (text.includes('\0') ? text.replaceAll('\0', '\u{FFFD}') : text);

/** As stored for `:exact`. */
export const exactString = (text: string): string => storable(text.slice(0, LENGTH));

/** Without case, accents and doubled white space: `Müller ` and `muller` are one. */
export function foldString(text: string): string {
  return storable(text.slice(0, LENGTH))
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, LENGTH);
}

/** How much of a long text stands before its hash. */
const BEGINNING = 300;

/** What stands for a text in a key: itself, or when it is long its beginning and its hash. */
export const keyText = (text: string): string =>
  text.length <= LENGTH
    ? storable(text)
    : `${storable(text.slice(0, BEGINNING))}\n${createHash('sha256').update(text).digest('base64url')}`;

/** A text that sorts after every text that begins with `prefix`. */
export const afterPrefix = (prefix: string): string => `${prefix}\u{10FFFF}`;
