/** A value of a JSON file and where it stands in it, so that whoever wrote the file is told which element is wrong. */
export class Element {
  readonly value: unknown;
  /** `peers.peer0.hospital.example.url`; empty for the whole file. */
  readonly path: string;
  readonly #file: string;

  constructor(value: unknown, file: string, path = '') {
    this.value = value;
    this.path = path;
    this.#file = file;
  }

  /** An Error that says file, element and what is wrong with it. */
  error(what: string): Error {
    return new Error(`${this.#file}: ${this.path === '' ? 'the file' : this.path} ${what}`);
  }

  /** The member of an object, which must be there. */
  member(name: string): Element {
    const found = this.optional(name);
    if (!found) throw this.#at(name).error('is missing');
    return found;
  }

  optional(name: string): Element | undefined {
    const members = this.#object();
    return Object.hasOwn(members, name) ? this.#at(name, members[name]) : undefined;
  }

  /** All members of an object. */
  members(): [name: string, element: Element][] {
    return Object.entries(this.#object()).map(([name, value]) => [name, this.#at(name, value)]);
  }

  items(): Element[] {
    if (!Array.isArray(this.value)) throw this.error('is no list');
    return this.value.map((value: unknown, at) => this.#at(String(at), value));
  }

  /** A text that is not empty. */
  text(): string {
    if (typeof this.value !== 'string' || this.value === '') throw this.error('is no text');
    return this.value;
  }

  oneOf<const T extends string>(values: readonly T[]): T {
    const found = values.find((value) => value === this.value);
    if (found === undefined) throw this.error(`is none of ${values.join(', ')}`);
    return found;
  }

  #at(name: string, value?: unknown): Element {
    return new Element(value, this.#file, this.path === '' ? name : `${this.path}.${name}`);
  }

  #object(): Readonly<Record<string, unknown>> {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value))
      throw this.error('is no object');
    return this.value as Readonly<Record<string, unknown>>;
  }
}
