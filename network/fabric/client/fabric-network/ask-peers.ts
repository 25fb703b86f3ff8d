import type { EndorsementResponse, Endorser, Proposal, ServiceError } from 'fabric-common';
import { status } from '@grpc/grpc-js';
import { endorsementFailure, type PeerFailure } from '../failures.ts';
import type { Access } from './channel-access.ts';
import type { Remote } from './remote.ts';

/**
 * Sends a proposal to one peer of each organisation, and again with the next of those whose peer is down. Throws what
 * `endorsementFailure` makes of it unless all of them endorsed it.
 */
export async function askPeers(
  { peers }: Pick<Access, 'peers'>,
  proposal: Proposal,
  organisations: readonly string[],
  requestTimeout: number,
): Promise<EndorsementResponse[]> {
  const turns = organisations.map((mspId) => ({ mspId, remotes: peers.get(mspId)?.reachable() }));
  const targets = new Map<string, Remote<Endorser>>();
  let open = turns;
  for (;;) {
    const without: PeerFailure[] = [];
    for (const { mspId, remotes } of open) {
      const next = await remotes?.next();
      if (!next || next.done) without.push({ mspId, from: 'peer', message: 'no peer can be reached' });
      else targets.set(mspId, next.value);
    }
    if (without.length > 0) throw endorsementFailure(without, organisations);
    const chosen = [...targets.values()].map(({ endpoint }) => endpoint);
    const { responses, errors } = await proposal.send({ targets: chosen, requestTimeout });
    const down = errors.filter(isDown).map(({ connection }) => connection.name);
    open = turns.filter(({ mspId }) => down.includes(targets.get(mspId)?.name ?? ''));
    if (open.length === 0) {
      const failures = [...responses.flatMap(failureOf), ...errors.map(errorOf)];
      if (failures.length > 0) throw endorsementFailure(failures.map(placed), organisations);
      for (const [mspId, remote] of targets) peers.get(mspId)?.prefer(remote);
      return responses;
    }
    for (const { mspId } of open) targets.get(mspId)?.failed();
  }

  function placed({ name, ...failure }: NamedFailure): PeerFailure {
    const [mspId = ''] = [...targets].find(([, remote]) => remote.name === name) ?? [];
    return { mspId, ...failure };
  }
}

/** A failure of the peer of this name. */
interface NamedFailure extends Omit<PeerFailure, 'mspId'> {
  name: string;
}

/** Whether the peer did not answer at all. What it says of the proposal itself another would say as well. */
function isDown(error: ServiceError & { code?: number }): boolean {
  return error.code === undefined || error.code === status.UNAVAILABLE;
}

const errorOf = ({ connection, message }: ServiceError): NamedFailure => ({
  name: connection.name,
  from: 'peer',
  message,
});

function failureOf({ connection, response, payload, endorsement }: EndorsementResponse): NamedFailure[] {
  if (response.status < 400 && endorsement) return [];
  // Without a payload it is the peer that speaks, and not the chaincode.
  const from = payload.length > 0 || response.status !== 500 ? 'chaincode' : 'peer';
  return [{ name: connection.name, from, message: response.message }];
}
