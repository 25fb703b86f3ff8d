import { status } from '@grpc/grpc-js';
import { GatewayError } from '@hyperledger/fabric-gateway';
import type { LedgerError } from '@fhir-fabric-gateway/chaincode/api';
import { ledgerError, type TransientFailure } from '../../../submit/errors.ts';
import { OrderingFailure } from '../fabric-client.ts';
import { endorsementFailure, REFUSALS, type PeerFailure } from '../failures.ts';

/** Whether the own peer itself did not answer, so that another may be asked the same. */
export function isDown(error: unknown): boolean {
  if (!(error instanceof GatewayError) || error.details.length > 0) return false;
  return error.code === status.UNAVAILABLE || error.code === status.DEADLINE_EXCEEDED;
}

const OF_CHAINCODE = /^chaincode response \d+, /;

function failureOf({ mspId, message }: GatewayError['details'][number]): PeerFailure {
  const from = OF_CHAINCODE.test(message) ? 'chaincode' : 'peer';
  return { mspId, from, message: message.replace(OF_CHAINCODE, '') };
}

/** Why the gateway service did not endorse, or evaluate, on `organisations`. */
export function endorseError(
  error: unknown,
  organisations: readonly string[],
): LedgerError | TransientFailure {
  if (!(error instanceof GatewayError)) return ledgerError('INTERNAL', error);
  if (error.details.length > 0) return endorsementFailure(error.details.map(failureOf), organisations);
  switch (error.code) {
    case status.RESOURCE_EXHAUSTED:
      // gRPC's limit of a message, or the peer's of calls at a time.
      return ledgerError(error.message.includes('larger than max') ? 'TOO_LARGE' : 'UNAVAILABLE', error);
    case status.PERMISSION_DENIED:
    case status.UNAUTHENTICATED:
      return ledgerError('BAD_IDENTITY', error);
    case status.UNAVAILABLE:
    case status.DEADLINE_EXCEEDED:
    case status.CANCELLED:
    case status.FAILED_PRECONDITION:
    case status.ABORTED:
      return ledgerError('UNAVAILABLE', error);
    default:
      return ledgerError('INTERNAL', error);
  }
}

/** What gRPC says when a call never left: there was no connection to send it on. */
const NOT_CONNECTED = /no connection established|error while dialing|connection refused|ECONNREFUSED/i;
const STATUS = /status=([A-Z_]+)/;

/**
 * Why the gateway service did not have an envelope ordered. It tells of the orderers that it could not reach, and is
 * silent of those that answered that they could not: with fewer told of than the channel has, `orderers`, one of them
 * may have passed the envelope on before it failed.
 */
export function orderError(error: unknown, orderers: number): OrderingFailure {
  if (!(error instanceof GatewayError)) return new OrderingFailure('perhaps', error);
  const { code, details, message } = error;
  const refusal = code === status.ABORTED ? REFUSALS[STATUS.exec(message)?.[1] ?? ''] : undefined;
  if (refusal) return new OrderingFailure('never', error, ledgerError(refusal, error));
  const unsent =
    details.length === 0
      ? NOT_CONNECTED.test(message)
      : details.length >= orderers && details.every((detail) => NOT_CONNECTED.test(detail.message));
  return new OrderingFailure(code === status.UNAVAILABLE && unsent ? 'never' : 'perhaps', error);
}
