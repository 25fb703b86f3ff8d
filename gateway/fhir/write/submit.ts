import { LedgerError, type Command } from '@fhir-fabric-gateway/chaincode/api';
import type { AuditRecord } from '../../audit/index.ts';
import type { AuditTrail } from '../../audit/trail.ts';
import type { StoredResource } from '../../index-store/port.ts';
import type { Principal } from '../../principal.ts';
import type { Services } from '../../services.ts';
import type { AppliedReceipt } from '../../storage/client.ts';
import { FhirError } from '../errors.ts';

/** 202: what was handed to the ledger is not to be seen yet. */
export class Accepted extends FhirError {
  /** Whether it is in a block; if not, nobody knows. */
  readonly committed: boolean;
  constructor(committed: boolean, location: string) {
    const diagnostics = committed
      ? 'It is committed, and will be readable soon.'
      : 'It was handed to the ledger, which has not answered yet: look there before writing again.';
    super(202, { severity: 'information', code: 'informational', diagnostics }, { Location: location });
    this.committed = committed;
  }
}

/**
 * Writes one resource and answers the version that this gateway's index now holds of it. With a `trail` that says what the
 * audit will say of an answer with `status`, that is on disk by then.
 */
export async function submitOne(
  principal: Principal,
  command: Command,
  reference: { type: string; id: string },
  services: Services,
  answer?: { trail: AuditTrail; status: number },
): Promise<StoredResource> {
  const location = `${services.fhirBase}/${reference.type}/${reference.id}`;
  const records = answer?.trail.recordsOf?.(answer.status);
  const { audited } = await submitAll(principal, [command], location, services, records);
  if (answer && audited) answer.trail.audited = answer.status;
  return written(reference, services);
}

/**
 * Submits commands as one transaction. Throws Accepted when they are committed and the index does not show
 * them yet, or handed over and the ledger does not say yet whether they are: an error would make the client write twice.
 */
export async function submitAll(
  principal: Principal,
  commands: readonly Command[],
  location: string,
  services: Services,
  audit?: readonly AuditRecord[],
): Promise<AppliedReceipt> {
  const receipt = await services.ledger
    .submit(principal.identity, commands, audit)
    .catch((error: unknown) => {
      if (!(error instanceof LedgerError) || error.code !== 'UNDECIDED') throw error;
      throw new Accepted(false, location);
    });
  if (!receipt.applied || receipt.missing) throw new Accepted(true, location);
  return receipt;
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
