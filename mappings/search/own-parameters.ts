import type { OwnParameters } from './own-table.ts';

/** What is wrong with a SearchParameter, each with the element. */
export class SearchParameterError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'SearchParameterError';
    this.problems = problems;
  }
}

/**
 * Compiles SearchParameter resources to what extraction and search go by. Reads HL7's definitions, which takes a moment:
 * for whoever has any. Rejects with a SearchParameterError that names everything that is wrong with them.
 * https://hl7.org/fhir/R4/searchparameter.html
 */
export async function compileSearchParameters(resources: readonly unknown[]): Promise<OwnParameters> {
  const { compileOwn } = await import('./compile/own.ts');
  return compileOwn(resources);
}
