import * as argon2 from '@node-rs/argon2';
import { FhirError } from '../fhir/errors.ts';

/** argon2id (the library's default kind) with the parameters that OWASP names first: 19 MiB, two passes. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const MINIMUM = 10;
const MAXIMUM = 256;
/** Hashes that may be computed at once, and wait: they take memory and the thread pool, and anybody can ask for them. */
const AT_ONCE = 2;
const WAITING = 64;

/** So that the same letters are the same password on every keyboard (RFC 8265, OpaqueString). */
const prepared = (password: string): string => password.normalize('NFC');

/** Throws a FhirError 422 for a password that is too short or too long. */
export function assertPassword(password: string): void {
  const { length } = prepared(password);
  if (length >= MINIMUM && length <= MAXIMUM) return;
  const diagnostics = `A password has ${MINIMUM} to ${MAXIMUM} characters.`;
  throw new FhirError(422, { code: 'value', diagnostics });
}

/** What is used of the library. */
export type Argon2 = Pick<typeof argon2, 'hash' | 'verify'>;

export class PasswordHasher {
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #library: Argon2;
  readonly #nobodys: string;

  private constructor(library: Argon2, nobodys: string) {
    this.#library = library;
    this.#nobodys = nobodys;
  }

  static async create(library: Argon2 = argon2): Promise<PasswordHasher> {
    return new PasswordHasher(library, await library.hash(crypto.randomUUID(), PARAMETERS));
  }

  /** The password as it is stored, `$argon2id$...`. Throws a FhirError 422 for one that is too short or too long. */
  async hash(password: string): Promise<string> {
    assertPassword(password);
    return this.#inTurn(() => this.#library.hash(prepared(password), PARAMETERS));
  }

  /** Takes the same time when there is no such account (`stored` undefined): nobody learns who has one. */
  async verify(stored: string | undefined, password: string): Promise<boolean> {
    const text = prepared(password);
    const possible = stored !== undefined && text.length <= MAXIMUM;
    const matches = await this.#inTurn(() =>
      this.#library.verify(possible ? stored : this.#nobodys, text.slice(0, MAXIMUM)),
    );
    return matches && possible;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= AT_ONCE) {
      if (this.#waiting.length >= WAITING) {
        throw new FhirError(
          503,
          { code: 'throttled', diagnostics: 'Too many logins at once.' },
          { 'Retry-After': '5' },
        );
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}
