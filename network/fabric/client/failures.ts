import type { LedgerError, LedgerErrorCode } from '@fhir-fabric-gateway/chaincode/api';
import { decodeChaincodeError, ledgerError, TransientFailure } from '../../submit/errors.ts';

/** Why one peer did not endorse. */
export interface PeerFailure {
  mspId: string;
  /** `chaincode`: what the contract answered. `peer`: what kept the peer from asking it, or us from asking the peer. */
  from: 'chaincode' | 'peer';
  message: string;
}

const MISMATCH = 'ProposalResponsePayloads do not match';
const LATE = 'private data matching public hash version is not available';
/** What a peer says of a creator whose certificate does not hold. */
const DENIED = /access denied: channel/;

/** What orderers answer to an envelope that they will not take however often it is sent, and what the caller is told. */
export const REFUSALS: Readonly<Record<string, LedgerErrorCode>> = {
  BAD_REQUEST: 'INTERNAL',
  NOT_FOUND: 'INTERNAL',
  FORBIDDEN: 'BAD_IDENTITY',
  REQUEST_ENTITY_TOO_LARGE: 'TOO_LARGE',
};

/**
 * What it means that a proposal was not endorsed by all of `organisations`. Two peers a block apart answer differently,
 * and private data may come after its block: a TransientFailure. What all organisations refuse alike is refused. Where
 * nothing but peers failed, the ledger is UNAVAILABLE.
 */
export function endorsementFailure(
  failures: readonly PeerFailure[],
  organisations: readonly string[],
): LedgerError | TransientFailure {
  const says = (text: string) => failures.some(({ message }) => message.includes(text));
  if (says(MISMATCH)) return new TransientFailure('CONFLICT', MISMATCH);
  if (says(LATE)) return new TransientFailure('UNAVAILABLE', LATE);
  const cause = new Error(failures.map(({ mspId, message }) => `${mspId}: ${message}`).join('; '));
  const [refusal] = failures.filter(({ from }) => from === 'chaincode');
  if (refusal) {
    const refused = decodeChaincodeError(refusal.message);
    const alike = organisations.every((mspId) =>
      failures.some((failure) => failure.mspId === mspId && failure.message === refusal.message),
    );
    return alike ? refused : new TransientFailure(refused, cause.message);
  }
  if (failures.some(({ message }) => DENIED.test(message))) return ledgerError('BAD_IDENTITY', cause);
  return ledgerError('UNAVAILABLE', cause);
}
