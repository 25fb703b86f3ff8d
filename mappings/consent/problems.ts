/** An element of a Consent that the gateway can't enforce; it is refused (422) and named, never stored silently. */
export interface ConsentProblem {
  /** FHIRPath of the element, `Consent.provision.actor[0].role`. */
  expression: string;
  diagnostics: string;
}

/** Gathers problems on the way, so that a client hears of all of them at once. */
export class Problems {
  readonly list: ConsentProblem[] = [];
  add(expression: string, diagnostics: string): undefined {
    this.list.push({ expression, diagnostics });
    return undefined;
  }
}
