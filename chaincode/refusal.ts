import type { OutcomeCode } from './api/index.ts';

/** A command or query that the contract refuses. The code is all that leaves the chaincode. */
export class Refusal extends Error {
  readonly code: Exclude<OutcomeCode, 'OK'>;
  constructor(code: Exclude<OutcomeCode, 'OK'>) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
  }
}

/** Throws the Refusal that `code` stands for, unless it is OK. */
export function demand(code: OutcomeCode): void {
  if (code !== 'OK') throw new Refusal(code);
}
