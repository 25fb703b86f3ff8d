import type { Json, JsonObject } from '../../fhir/resource.ts';

/** What to do with the elements of an array that is too long to hold. */
export type EachElement = (key: string, element: Json) => void;

/**
 * Reads one JSON object whose arrays under the keys of `streamed` (on its first level) may be of any length: their
 * elements are given to `each`, one at a time and in order, and the arrays are empty in the answer. Throws a SyntaxError.
 */
export async function readObject(
  chunks: AsyncIterable<Uint8Array>,
  streamed: readonly string[],
  each: EachElement,
): Promise<JsonObject> {
  const reader = new ObjectReader(streamed, each);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of chunks) reader.take(decoder.decode(chunk, { stream: true }));
  reader.take(decoder.decode());
  return reader.end();
}

/** Where the text goes that is read. */
class ObjectReader {
  readonly #streamed: readonly string[];
  readonly #each: EachElement;
  /** The object but for the elements of streamed arrays, and the element at hand. */
  #rest = '';
  #element = '';
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The last string on the object's own level: before a `[` it is the array's key. */
  #key = '';
  #array: string | undefined;

  constructor(streamed: readonly string[], each: EachElement) {
    this.#streamed = streamed;
    this.#each = each;
  }

  #keep(piece: string): void {
    if (this.#array === undefined) this.#rest += piece;
    else this.#element += piece;
  }

  take(chunk: string): void {
    let from = 0;
    /** What is before `end` goes where it belongs; what is after goes on at `next`. */
    const cut = (end: number, next: number) => {
      this.#keep(chunk.slice(from, end));
      from = next;
    };
    for (let at = 0; at < chunk.length; at++) {
      const character = chunk[at];
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (character === '\\') this.#escaped = true;
        else if (character === '"') {
          this.#inString = false;
          if (this.#depth === 1) {
            cut(at + 1, at + 1);
            this.#key = /"([^"]*)"$/.exec(this.#rest.slice(-200))?.[1] ?? '';
          }
        }
      } else if (character === '"') this.#inString = true;
      else if (character === '{' || character === '[') {
        if (this.#depth === 1 && character === '[' && this.#streamed.includes(this.#key)) {
          cut(at + 1, at + 1);
          this.#array = this.#key;
        }
        this.#depth += 1;
      } else if (character === '}' || character === ']') {
        this.#depth -= 1;
        if (this.#depth === 1 && this.#array !== undefined) {
          cut(at, at);
          this.#finishElement(true);
          this.#array = undefined;
        }
      } else if (character === ',' && this.#depth === 2 && this.#array !== undefined) {
        cut(at, at + 1);
        this.#finishElement(false);
      }
    }
    this.#keep(chunk.slice(from));
  }

  #finishElement(last: boolean): void {
    const element = this.#element.trim();
    this.#element = '';
    // Nothing before the end is an empty array, or a comma too many, which JSON.parse refuses.
    if (element === '' && last && !this.#any) return;
    this.#any = !last;
    this.#each(this.#array ?? '', JSON.parse(element) as Json);
  }
  #any = false;

  end(): JsonObject {
    const value = JSON.parse(this.#rest) as Json;
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new SyntaxError('it is no JSON object');
    return value;
  }
}
