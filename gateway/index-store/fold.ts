/** Strings are indexed and compared up to this many characters. */
const LENGTH = 1000;

/** As stored for `:exact`. */
export const exactString = (text: string): string => text.slice(0, LENGTH);

/** Without case, accents and doubled white space: `Müller ` and `muller` are one. */
export function foldString(text: string): string {
  return text
    .slice(0, LENGTH)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}

/** A text that sorts after every text that begins with `prefix`. */
export const afterPrefix = (prefix: string): string => `${prefix}\u{10FFFF}`;
