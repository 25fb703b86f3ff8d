import type { Services } from '../../services.ts';
import { badRequest } from '../errors.ts';
import { once } from '../idempotency.ts';
import type { FhirRequest, FhirResponse } from '../request.ts';
import type { Resource } from '../resource.ts';
import { assertValid, isObject } from '../write/draft.ts';
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
  const { type } = resource;
  if (type !== 'batch' && type !== 'transaction') {
    throw badRequest('The Bundle must be of type batch or transaction.', 'Bundle.type');
  }
  assertEnvelope(resource, services);
  if (type === 'batch') return batch(request, services, dispatch);
  return once(request, services.answers, (claim) => transaction(request, services, dispatch, claim));
}

/** The Bundle by itself, whose entries are each judged later: its shape, and that no fullUrl stands for two entries. */
function assertEnvelope(bundle: Resource, services: Services): void {
  const { entry } = bundle;
  if (!Array.isArray(entry)) return assertValid(bundle, services);
  const bare = entry.map((one) => {
    if (!isObject(one)) return one;
    const { resource: _resource, ...rest } = one;
    return rest;
  });
  assertValid({ ...bundle, entry: bare }, services);
}
