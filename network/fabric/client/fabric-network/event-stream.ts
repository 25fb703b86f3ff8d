import type { Duplex } from 'node:stream';
import type { Endorser, Eventer } from 'fabric-common';
import type { StoredIdentity } from '@fhir-fabric-gateway/chaincode/api';
import { ledgerError } from '../../../submit/errors.ts';
import type { ChannelAccess } from './channel-access.ts';
import type { DeliverResponse } from './messages.ts';
import type { Remote } from './remote.ts';

/** What the library's types leave out of an Eventer. */
interface Streaming {
  stream: Duplex | null;
  setStreamByType(type: 'private' | 'filtered'): void;
}

/**
 * A peer's messages from block `from` on, as they come over the wire: the library's own listeners would decode each
 * block at length, lose whether a write is a purge, and take what comes faster than it is read into memory. Throws when
 * the connection ends; the signal ends it quietly.
 */
export async function* eventStream(
  access: ChannelAccess,
  reader: StoredIdentity,
  type: 'private' | 'filtered',
  from: number,
  signal: AbortSignal,
): AsyncGenerator<DeliverResponse> {
  const { channel, client, context, peers } = await access.as(reader);
  const peer = await firstOf(peers.get(reader.mspId)?.reachable());
  if (!peer || signal.aborted) throw ledgerError('UNAVAILABLE', new Error('no own peer can be reached'));

  const service = channel.newEventService(`${type} blocks`);
  service.build(context, { startBlock: from, blockType: type });
  service.sign(context);
  const eventer = client.newEventer(peer.name) as Eventer & Streaming;
  eventer.setEndpoint(peer.endpoint.endpoint);
  const close = () => eventer.disconnect();
  signal.addEventListener('abort', close);
  try {
    if (!(await eventer.checkConnection())) throw new Error(`${peer.name} cannot be reached`);
    eventer.setStreamByType(type);
    const { stream } = eventer;
    if (!stream) throw new Error('no stream');
    stream.write(service.getSignedEnvelope());
    for await (const message of stream) yield message as DeliverResponse;
    throw new Error('the peer ended the stream');
  } catch (error) {
    if (signal.aborted) return;
    peer.failed();
    throw error;
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}

async function firstOf(
  remotes: AsyncIterable<Remote<Endorser>> | undefined,
): Promise<Remote<Endorser> | undefined> {
  for await (const remote of remotes ?? []) return remote;
  return undefined;
}
