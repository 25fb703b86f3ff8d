import type { IndexReader } from '../../index-store/port.ts';
import type { Services } from '../../services.ts';
import type { FhirRequest } from '../request.ts';

/**
 * Grants as a transaction leaves them: the organisation's systems hold the first grant of the records that it opens
 * (`opened`, Patient ids).
 */
export function grantsToBe(
  opened: ReadonlySet<string>,
  request: FhirRequest,
  { index }: Services,
): Pick<IndexReader, 'record' | 'rules'> {
  const { identity, requester } = request.principal;
  return {
    async record(patient) {
      const record = await index.record(patient);
      return record ?? (opened.has(patient) ? { patient, home: identity.mspId, status: 'open' } : undefined);
    },
    async rules(patient, grantees) {
      const rules = await index.rules(patient, grantees);
      if (!opened.has(patient) || (await index.record(patient)) || requester.organization === undefined)
        return rules;
      return {
        ...rules,
        grants: [...rules.grants, { type: 'permit', actors: [`${requester.organization}|CST`] }],
      };
    },
  };
}
