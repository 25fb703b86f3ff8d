/** Longer ones are no words: keys, hashes, what somebody encoded. */
const LONGEST = 64;

/** The words of a text as they are stored and asked for: letters and digits, without case and accents. */
export function wordsOf(text: string): string[] {
  // Nearly all text is plain, and taken apart three times as fast.
  const plain = !/[^\0-\x7f]/.test(text);
  const words = plain
    ? text.toLowerCase().match(/[a-z0-9]+/g)
    : text
        .normalize('NFKD')
        .replace(/\p{M}+/gu, '')
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu);
  return words?.filter((word) => word.length <= LONGEST) ?? [];
}
