import type { Services } from '../../services.ts';
import { badRequest } from '../errors.ts';
import { once } from '../idempotency.ts';
import type { FhirRequest, FhirResponse } from '../request.ts';
import { batch, type Dispatch } from './batch.ts';
import { transaction } from './transaction.ts';

/** https://hl7.org/fhir/R4/http.html#transaction: a Bundle of type batch or transaction, posted to the base. */
export async function bundle(
  request: FhirRequest,
  services: Services,
  dispatch: Dispatch,
): Promise<FhirResponse> {
  const resource = request.body?.resource;
  if (resource?.resourceType !== 'Bundle') throw badRequest('The base takes a Bundle.', 'resourceType');
  switch (resource['type']) {
    case 'batch':
      return batch(request, services, dispatch);
    case 'transaction':
      return once(request, services.answers, (claim) => transaction(request, services, dispatch, claim));
    default:
      throw badRequest('The Bundle must be of type batch or transaction.', 'Bundle.type');
  }
}
