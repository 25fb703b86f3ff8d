import { LedgerError, type Command } from '@fhir-fabric-gateway/chaincode/api';
import type { StoredResource } from '../../index-store/port.ts';
import type { Principal } from '../../principal.ts';
import type { Services } from '../../services.ts';
import { FhirError } from '../errors.ts';

/** Writes one resource and answers the version that this gateway's index now holds of it. */
export async function submitOne(
  principal: Principal,
  command: Command,
  reference: { type: string; id: string },
  services: Services,
): Promise<StoredResource> {
  await submitAll(principal, [command], `${services.fhirBase}/${reference.type}/${reference.id}`, services);
  return written(reference, services);
}

/**
 * Submits commands as one transaction. Throws 202 with `location` when they are committed and the index does not show
 * them yet, or handed over and the ledger does not say yet whether they are: an error would make the client write twice.
 */
export async function submitAll(
  principal: Principal,
  commands: readonly Command[],
  location: string,
  services: Services,
): Promise<void> {
  const accepted = (diagnostics: string) =>
    new FhirError(
      202,
      { severity: 'information', code: 'informational', diagnostics },
      { Location: location },
    );
  const { applied } = await services.ledger.submit(principal.identity, commands).catch((error: unknown) => {
    if (!(error instanceof LedgerError) || error.code !== 'UNDECIDED') throw error;
    throw accepted(
      'It was handed to the ledger, which has not answered yet: look there before writing again.',
    );
  });
  if (!applied) throw accepted('It is committed, and will be readable soon.');
}

/** What the index holds after a write was applied. */
export async function written(
  reference: { type: string; id: string },
  services: Services,
): Promise<StoredResource> {
  const stored = await services.index.get(reference.type, reference.id);
  if (!stored) throw new LedgerError('INTERNAL');
  return stored;
}

/** Runs a write again from its reading when the version that it judged has been replaced meanwhile. */
export async function retryWhenStale<T>(write: () => Promise<T>, attempts = 5): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof LedgerError) || error.code !== 'STALE' || attempt === attempts) throw error;
    }
  }
}
