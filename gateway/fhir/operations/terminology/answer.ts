import type { ParametersParameter } from '@medplum/fhirtypes';
import { assertRoleMayRead } from '../../../consent/roles.ts';
import { visibilityOf } from '../../interactions/visible.ts';
import type { FhirRequest, FhirResponse } from '../../request.ts';

/** What an operation answers with: a Parameters resource. */
export const parametersAnswer = (parameter: readonly (ParametersParameter | undefined)[]): FhirResponse => ({
  status: 200,
  headers: {},
  body: JSON.stringify({
    resourceType: 'Parameters',
    parameter: parameter.filter((one) => one !== undefined),
  }),
});

/** Whoever may read definitions of the type may ask about them. Throws 403. */
export function assertMayAsk(request: FhirRequest, type: string): void {
  assertRoleMayRead(request.principal.requester.role, type);
  visibilityOf(request, 'read', type);
}
