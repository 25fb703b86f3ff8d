import { randomUUID } from 'node:crypto';
import { bundleOf } from '../../clients/answer.ts';
import { heartRate } from '../../clients/clinical.ts';
import type { Bundle } from '../../clients/resource.ts';
import type { Caller } from '../people/caller.ts';

/** A transaction of one Observation, with a key by which the server knows it when it is posted again. */
export interface KeyedTransaction {
  key: string;
  /** Of the Observation, `system|value`. */
  identifier: string;
  bundle: Bundle;
}

const SYSTEM = 'urn:keyed';

export const keyedTransactions = (patient: string, count: number): KeyedTransaction[] =>
  Array.from({ length: count }, () => {
    const value = randomUUID();
    const resource = { ...heartRate(patient, 70), identifier: [{ system: SYSTEM, value }] };
    const entry = [{ resource, request: { method: 'POST', url: 'Observation' } }];
    return {
      key: randomUUID(),
      identifier: `${SYSTEM}|${value}`,
      bundle: { resourceType: 'Bundle', type: 'transaction', entry },
    };
  });

/** Posts it; answers the status, undefined when no answer came. */
export async function post(caller: Caller, { key, bundle }: KeyedTransaction): Promise<number | undefined> {
  const answer = await caller.request('POST', '', bundle, { 'Idempotency-Key': key }).catch(() => undefined);
  return answer?.status;
}

/** How many Observations there are of it. */
export async function countOf(caller: Caller, { identifier }: KeyedTransaction): Promise<number> {
  return bundleOf(await caller.get(`Observation?identifier=${identifier}`)).entry?.length ?? 0;
}
