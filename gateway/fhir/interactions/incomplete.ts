import { rawEntry } from '../bundle/text.ts';
import { operationOutcome } from '../http/outcome.ts';

/**
 * The entry of a searchset that says what was left out: `search.mode` is `outcome`. None when nothing was. `parameters`:
 * the inclusions that would have brought more. https://hl7.org/fhir/R4/search.html#modes
 */
export function incomplete(parameters: readonly string[]): Uint8Array[] {
  if (parameters.length === 0) return [];
  const outcome = operationOutcome(
    parameters.map((name) => ({
      severity: 'warning',
      code: 'too-costly',
      diagnostics: `${name} would have brought more than one page carries: what is included is not complete.`,
    })),
  );
  return [rawEntry({ resource: new TextEncoder().encode(outcome), rest: { search: { mode: 'outcome' } } })];
}
