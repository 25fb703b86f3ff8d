/** A search value that isn't what its parameter takes. The message says what is; it never repeats the value. */
export class SearchValueError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SearchValueError';
  }
}
