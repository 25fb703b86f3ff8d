import { FhirError } from '../../fhir/errors.ts';
import type { VisitAccount, VisitCounter } from '../connection.ts';

/** Values asked for in one search, all parameters together: each is a comparison for every resource that is looked at. */
export const MOST_TERMS = 500;
/** Links of a chain, and of `_has` within `_has`. */
export const MOST_LINKS = 5;
/** Links of all chains of one search; types that have the parameter that follows in one kind share a link. */
export const MOST_BRANCHES = 12;
/** Resources that may be looked at beyond links, each time that they are: nested links multiply. */
export const MOST_VISITS = 100_000;

/** A search that would keep everybody else waiting. Lenient handling does not leave it out. */
export class TooCostly extends FhirError {
  constructor(name: string | undefined, diagnostics: string) {
    super(400, {
      code: 'too-costly',
      diagnostics: name === undefined ? diagnostics : `${name}: ${diagnostics}`,
      ...(name !== undefined && { expression: [`http.${name}`] }),
    });
  }
}

/** Comparing with this many values takes as long as the visit itself. */
const TERMS_A_VISIT = 10;

interface Account {
  name: string | undefined;
  weight: number;
}

/** What one search may cost, counted while it is put together and while it runs. */
export class Budget implements VisitCounter {
  /** Parameters as the client wrote them, and what each has cost in terms and branches. */
  readonly #spent = new Map<string, number>();
  readonly #accounts: Account[] = [];
  #name: string | undefined;
  #terms = 0;
  #branches = 0;
  #visits = 0;

  get name(): string | undefined {
    return this.#name;
  }
  get terms(): number {
    return this.#terms;
  }
  get branches(): number {
    return this.#branches;
  }
  get visits(): number {
    return this.#visits;
  }

  /** What follows is on account of this parameter. */
  charge(name: string | undefined): void {
    this.#name = name;
  }

  #spend(count: number): void {
    if (this.#name !== undefined) this.#spent.set(this.#name, (this.#spent.get(this.#name) ?? 0) + count);
  }

  /** Throws TooCostly when all that is asked for together is too much. */
  addTerms(count: number): void {
    this.#terms += count;
    this.#spend(count);
    if (this.#terms > MOST_TERMS)
      throw new TooCostly(this.#name, `A search asks for at most ${MOST_TERMS} values in all.`);
  }

  /** Throws TooCostly when chains branch into too much. */
  addBranch(): void {
    this.#branches++;
    this.#spend(1);
    if (this.#branches > MOST_BRANCHES)
      throw new TooCostly(this.#name, `The chains of a search have at most ${MOST_BRANCHES} links in all.`);
  }

  /** Under this, visits are on account of the current parameter, each comparing a resource with `terms`. */
  account(terms: number): VisitAccount {
    const weight = 1 + terms / TERMS_A_VISIT;
    const account = this.#accounts.push({ name: this.#name, weight }) - 1;
    return { account, weight, most: MOST_VISITS };
  }

  /** One resource beyond a link has been looked at. Throws TooCostly when it were too many. */
  visit(account: number): void {
    this.#visits += this.#accounts[account]?.weight ?? 1;
    if (this.#visits > MOST_VISITS) this.exceeded(account);
  }

  exceeded(account: number): never {
    throw new TooCostly(
      this.#accounts[account]?.name,
      'Too many resources would have to be looked at: ask for fewer links, or narrow the search.',
    );
  }

  /** The parameter that has cost most. */
  costliest(): string | undefined {
    return [...this.#spent].sort(([, a], [, b]) => b - a)[0]?.[0];
  }
}
