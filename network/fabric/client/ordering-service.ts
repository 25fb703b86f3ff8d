import { randomBytes } from 'node:crypto';
import { common, msp, orderer } from '@hyperledger/fabric-protos';
import timestamps from 'google-protobuf/google/protobuf/timestamp_pb.js';
import type { StoredIdentity } from '@fhir-fabric-gateway/chaincode/api';
import { ledgerError } from '../../submit/errors.ts';
import type { Connection } from './connection.ts';
import { Failover, type Connected } from './failover.ts';
import { parseSigningKey, signLowS } from './signature.ts';

const DELIVER = '/orderer.AtomicBroadcast/Deliver';
/** Milliseconds that an orderer has to answer. */
const ANSWER_WITHIN = 2000;
const NONCE_BYTES = 24;

/** What the channel's orderers say of it, asked by themselves and not through a peer. */
export class OrderingService {
  readonly #channel: string;
  readonly #orderers: Failover;

  constructor({ channel, orderers }: Pick<Connection, 'channel' | 'orderers'>) {
    this.#channel = channel;
    this.#orderers = new Failover(orderers);
  }

  /**
   * Number of blocks that are ordered. Rejects with UNAVAILABLE when no orderer says: one that knows of no leader does
   * not.
   */
  async height(reader: StoredIdentity): Promise<number> {
    const envelope = newestBlock(this.#channel, reader);
    try {
      return await this.#orderers.attempt(
        (one) => deliver(one, envelope),
        () => true,
      );
    } catch (error) {
      throw ledgerError('UNAVAILABLE', error);
    }
  }

  close(): void {
    this.#orderers.close();
  }
}

/** Asks for the newest block and nothing after it, as the orderers' Deliver service takes it. */
function newestBlock(channel: string, { mspId, certificate, privateKey }: StoredIdentity): Uint8Array {
  const position = new orderer.SeekPosition();
  position.setNewest(new orderer.SeekNewest());
  const seek = new orderer.SeekInfo();
  seek.setStart(position);
  seek.setStop(position);
  seek.setBehavior(orderer.SeekInfo.SeekBehavior.FAIL_IF_NOT_READY);

  const creator = new msp.SerializedIdentity();
  creator.setMspid(mspId);
  creator.setIdBytes(Buffer.from(certificate));
  const signed = new common.SignatureHeader();
  signed.setCreator(creator.serializeBinary());
  signed.setNonce(randomBytes(NONCE_BYTES));
  const about = new common.ChannelHeader();
  about.setType(common.HeaderType.DELIVER_SEEK_INFO);
  about.setChannelId(channel);
  about.setTimestamp(timestamps.Timestamp.fromDate(new Date()));
  const header = new common.Header();
  header.setChannelHeader(about.serializeBinary());
  header.setSignatureHeader(signed.serializeBinary());

  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(seek.serializeBinary());
  const bytes = payload.serializeBinary();
  const envelope = new common.Envelope();
  envelope.setPayload(bytes);
  envelope.setSignature(signLowS(parseSigningKey(privateKey), bytes));
  return envelope.serializeBinary();
}

/** The number that follows the block that comes. Rejects with a gRPC error, or with what the orderer answered instead. */
function deliver({ name, client }: Connected, envelope: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    const stream = client.makeBidiStreamRequest(
      DELIVER,
      (bytes: Uint8Array) => Buffer.from(bytes),
      (bytes) => orderer.DeliverResponse.deserializeBinary(bytes),
      { deadline: Date.now() + ANSWER_WITHIN },
    );
    stream.on('data', (answer: orderer.DeliverResponse) => {
      const header = answer.getBlock()?.getHeader();
      if (header) resolve(header.getNumber() + 1);
      else reject(new Error(`${name} answered ${answer.getStatus()}`));
      stream.end();
    });
    stream.on('error', reject);
    stream.on('end', () => reject(new Error(`${name} ended without an answer`)));
    stream.write(envelope);
  });
}
