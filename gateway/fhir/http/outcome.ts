import { OUTCOME_SYSTEM, type Issue } from '../errors.ts';

/** Issues as an OperationOutcome, https://hl7.org/fhir/R4/operationoutcome.html. */
export function operationOutcome(issues: readonly Issue[]): string {
  return JSON.stringify({
    resourceType: 'OperationOutcome',
    issue: issues.map((issue) => ({
      severity: issue.severity ?? 'error',
      code: issue.code,
      ...(issue.detail !== undefined && {
        details: { coding: [{ system: OUTCOME_SYSTEM, code: issue.detail }] },
      }),
      diagnostics: issue.diagnostics,
      ...(issue.expression && { expression: issue.expression }),
    })),
  });
}
