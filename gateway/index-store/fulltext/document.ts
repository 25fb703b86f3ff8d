import { plainText } from './narrative-text.ts';
import { wordsOf } from './words.ts';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A resource's texts, each as its words: a phrase is found within one of them. */
export interface Document {
  /** Of `text.div`. */
  narrative: readonly (readonly string[])[];
  /** Everything else that people read: names, displays, notes, codes, identifiers. */
  rest: readonly (readonly string[])[];
}

/** Elements whose strings nobody reads; what is below them is left out as well. */
const UNREAD = new Set([
  'resourceType',
  'id',
  'meta',
  'implicitRules',
  'language',
  'reference',
  'system',
  'url',
  'data',
  'hash',
]);
/** Dates and times, and addresses. */
const NO_TEXT = /^(\d{4}(-\d\d(-\d\d(T\S+)?)?)?|(https?|urn|ftp|mailto|tel|data|cid|file):\S+)$/i;

/** Words of one resource that are found; of longer texts the rest is not. It keeps both engines' limits. */
const MOST_WORDS = 20_000;

/** Words up to a number. */
class Texts {
  readonly texts: string[][] = [];
  #left: number;
  constructor(left: number) {
    this.#left = left;
  }
  get left(): number {
    return this.#left;
  }
  add(text: string): void {
    if (this.#left <= 0) return;
    const words = wordsOf(text).slice(0, this.#left);
    if (words.length === 0) return;
    this.#left -= words.length;
    this.texts.push(words);
  }
}

function collect(value: Json, into: Texts): void {
  if (typeof value === 'string') {
    if (!NO_TEXT.test(value)) into.add(value);
  } else if (Array.isArray(value)) for (const item of value) collect(item, into);
  else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) {
      if (name === 'div' && typeof inner === 'string') into.add(plainText(inner));
      else if (!UNREAD.has(name)) collect(inner, into);
    }
}

/**
 * The texts of a resource's content (UTF-8 JSON), the narrative apart: what `_text` and `_content` search. What it answers
 * decides how a document is taken out again: when that changes, SCHEMA_VERSION goes up.
 */
export function documentOf(content: Uint8Array): Document {
  const resource = JSON.parse(new TextDecoder().decode(content)) as { [key: string]: Json };
  const { text, ...others } = resource;
  const narrative = new Texts(MOST_WORDS);
  if (typeof text === 'object' && text !== null && !Array.isArray(text)) {
    const { div } = text;
    if (typeof div === 'string') narrative.add(plainText(div));
  }
  const rest = new Texts(narrative.left);
  collect(others, rest);
  return { narrative: narrative.texts, rest: rest.texts };
}
