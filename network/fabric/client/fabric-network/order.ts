import type { Commit, Committer } from 'fabric-common';
import { ledgerError } from '../../../submit/errors.ts';
import { OrderingFailure } from '../fabric-client.ts';
import { REFUSALS } from '../failures.ts';
import type { Remotes } from './remote.ts';

const ORDER_WITHIN = 10_000;

interface BroadcastResponse {
  status: string;
  info?: string;
}

/**
 * Sends a signed envelope to one orderer after the other until one takes it. Rejects with an OrderingFailure. That an
 * orderer has no leader is the one answer that says for certain that it has not passed the envelope on.
 */
export async function order(orderers: Remotes<Committer>, commit: Commit): Promise<void> {
  let taken: 'never' | 'perhaps' = 'never';
  let cause: unknown = new Error('no orderer can be reached');
  for await (const orderer of orderers.reachable()) {
    try {
      const { status, info }: BroadcastResponse = await commit.send({
        targets: [orderer.endpoint],
        requestTimeout: ORDER_WITHIN,
      });
      if (status === 'SUCCESS') return orderers.prefer(orderer);
      cause = new Error(`${orderer.name}: ${status} ${info ?? ''}`);
      const code = REFUSALS[status];
      if (code) throw new OrderingFailure(taken, cause, ledgerError(code, cause));
      if (info !== 'no Raft leader') taken = 'perhaps';
    } catch (error) {
      if (error instanceof OrderingFailure) throw error;
      cause = error;
      taken = 'perhaps';
      orderer.failed();
    }
  }
  throw new OrderingFailure(taken, cause);
}
