import type { Ledger } from '@fhir-fabric-gateway/chaincode/api';
import type { PurgeLeftover } from '../projector/leftover-keys.ts';
import { operatorOf } from '../setup/operator.ts';

/** Keys that one transaction purges. */
const CHUNK = 500;

/** Has what is left of an erased record purged, in the name of an organisation's operator. */
export function purgeOf(ledger: Pick<Ledger, 'submit'>, mspId: string): PurgeLeftover {
  return async ({ patient, entries, grantees }) => {
    for (let at = 0; at < Math.max(entries.length, grantees.length); at += CHUNK) {
      const erase = {
        ...{ patient, step: 'purge' as const },
        ...{ entries: entries.slice(at, at + CHUNK), grantees: grantees.slice(at, at + CHUNK) },
      };
      await ledger.submit(operatorOf(mspId), [{ fn: 'DeleteAsset', erase }]);
    }
  };
}
