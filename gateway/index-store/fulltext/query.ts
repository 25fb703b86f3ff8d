import { wordsOf } from './words.ts';

/** What `_text` or `_content` asks for. */
export type TextQuery =
  | { kind: 'phrase'; words: readonly string[]; prefix: boolean }
  | { kind: 'and' | 'or'; of: readonly TextQuery[] }
  | { kind: 'without'; of: TextQuery; without: TextQuery };

/** A text query that cannot be understood; the message says why. */
export class TextQueryError extends Error {}

const TOKENS = /"([^"]*)"(\*?)|([()])|([^\s()"]+)/g;
const DEEPEST = 20;
/** An engine takes expressions only so long and so deep. */
const MOST_WORDS = 50;
/** Letters that a beginning has at least: with fewer it would stand for too many words. */
const SHORTEST_PREFIX = 3;

interface Token {
  text: string;
  /** A phrase in quotes, a bracket or an operator, or a word. */
  kind: 'phrase' | 'sign' | 'word';
  prefix: boolean;
}

function tokensOf(text: string): Token[] {
  if ((text.match(/"/g) ?? []).length % 2 === 1) throw new TextQueryError('A quotation mark is missing.');
  return Array.from(text.matchAll(TOKENS), ([, phrase, star, bracket, word = '']): Token => {
    if (phrase !== undefined) return { text: phrase, kind: 'phrase', prefix: star === '*' };
    if (bracket !== undefined) return { text: bracket, kind: 'sign', prefix: false };
    const sign = word === 'AND' || word === 'OR' || word === 'NOT';
    return { text: word, kind: sign ? 'sign' : 'word', prefix: word.endsWith('*') };
  });
}

const joined = (kind: 'and' | 'or', of: readonly TextQuery[]): TextQuery => {
  const [only] = of;
  return only !== undefined && of.length === 1 ? only : { kind, of };
};

/**
 * Reads `chest pain` (both words), `"chest pain"` (one after the other), `pain OR ache`, `pain NOT chest`, `feve*` and
 * brackets. Throws TextQueryError.
 */
export function parseTextQuery(text: string): TextQuery {
  const tokens = tokensOf(text);
  let next = 0;
  let depth = 0;
  const sees = (sign: string): boolean => tokens[next]?.kind === 'sign' && tokens[next]?.text === sign;
  const accept = (sign: string): boolean => sees(sign) && ++next > 0;

  const either = (): TextQuery => {
    const of = [all()];
    while (accept('OR')) of.push(all());
    return joined('or', of);
  };
  const all = (): TextQuery => {
    let of = [one()];
    for (;;) {
      if (accept('NOT')) of = [{ kind: 'without', of: joined('and', of), without: one() }];
      else if (accept('AND') || (next < tokens.length && !sees('OR') && !sees(')'))) of.push(one());
      else return joined('and', of);
    }
  };
  const one = (): TextQuery => {
    if (accept('(')) {
      if (++depth > DEEPEST) throw new TextQueryError(`Brackets go at most ${DEEPEST} deep.`);
      const inner = either();
      if (!accept(')')) throw new TextQueryError('A bracket is not closed.');
      depth--;
      return inner;
    }
    const token = tokens[next++];
    if (token === undefined) throw new TextQueryError('Words are expected.');
    if (token.kind === 'sign') throw new TextQueryError(`A word is expected where ${token.text} stands.`);
    const words = wordsOf(token.text);
    if (words.length === 0) throw new TextQueryError(`There is no word in ${token.text}.`);
    if (token.prefix && (words.at(-1)?.length ?? 0) < SHORTEST_PREFIX)
      throw new TextQueryError(`A beginning has at least ${SHORTEST_PREFIX} letters: ${token.text}`);
    return { kind: 'phrase', words, prefix: token.prefix };
  };

  const query = either();
  if (next < tokens.length) throw new TextQueryError('A bracket is closed that was not opened.');
  if (wordCount(query) > MOST_WORDS) throw new TextQueryError(`At most ${MOST_WORDS} words are looked for.`);
  return query;
}

/** How many words a query asks for. */
export function wordCount(query: TextQuery): number {
  switch (query.kind) {
    case 'phrase':
      return query.words.length;
    case 'without':
      return wordCount(query.of) + wordCount(query.without);
    default:
      return query.of.reduce((sum, part) => sum + wordCount(part), 0);
  }
}

/** Whether a query asks for words by their beginning. */
export function hasPrefix(query: TextQuery): boolean {
  switch (query.kind) {
    case 'phrase':
      return query.prefix;
    case 'without':
      return hasPrefix(query.of) || hasPrefix(query.without);
    default:
      return query.of.some(hasPrefix);
  }
}

/** A query as an engine writes it. */
export function written(
  query: TextQuery,
  say: {
    phrase: (words: readonly string[], prefix: boolean) => string;
    and: string;
    or: string;
    without: string;
  },
): string {
  switch (query.kind) {
    case 'phrase':
      return say.phrase(query.words, query.prefix);
    case 'without':
      return `(${written(query.of, say)}${say.without}${written(query.without, say)})`;
    default:
      return `(${query.of.map((part) => written(part, say)).join(query.kind === 'and' ? say.and : say.or)})`;
  }
}
