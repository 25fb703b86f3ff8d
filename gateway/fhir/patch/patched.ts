import { isRawNumber, type ExactJson, type RawNumber } from '../json/exact.ts';
import { parseJson, type ParsedBody } from '../json/parse.ts';
import type { Json, JsonObject } from '../resource.ts';

/** Stands for numbers as they were written while others work on a tree: strings that no text of FHIR may hold. */
export class WrittenNumbers {
  readonly #numbers = new Map<string, RawNumber>();

  /** A copy of the tree, such numbers replaced by what stands for them. */
  hide(value: ExactJson | Json): Json {
    if (isRawNumber(value)) {
      const name = `\u0000${this.#numbers.size}`;
      this.#numbers.set(name, value);
      return name;
    }
    if (typeof value !== 'object' || value === null) return value as Json;
    if (Array.isArray(value)) return value.map((each) => this.hide(each));
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, this.hide(each)]));
  }

  /** The tree as text, the numbers in their places. */
  write(tree: Json): string {
    return JSON.stringify(tree, (_, value: unknown) =>
      typeof value === 'string' ? (this.#numbers.get(value) ?? value) : value,
    );
  }
}

/**
 * A document that `edit` has changed, with numbers as they were written. It is called with a copy that has them as
 * JavaScript does, which decides whether it applies, and with one that has what stands for them.
 */
export function patched(
  document: ParsedBody,
  values: ExactJson | Json,
  edit: (tree: JsonObject, values: Json, decides: boolean) => void,
): ParsedBody {
  const plain = structuredClone(document.resource);
  edit(plain, plainOf(values), true);
  const numbers = new WrittenNumbers();
  const tree = numbers.hide(document.exact ?? document.resource) as JsonObject;
  edit(tree, numbers.hide(values), false);
  return parseJson(Buffer.from(numbers.write(tree)));
}

const plainOf = (values: ExactJson | Json): Json => JSON.parse(JSON.stringify(values)) as Json;
