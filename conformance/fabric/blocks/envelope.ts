import { fieldsOf, type Field, type FieldKind, type MessageKind } from './fields.ts';

/**
 * What Fabric's messages are made of, as far as a transaction has them.
 * https://github.com/hyperledger/fabric-protos
 */
const identity: MessageKind = { 1: { name: 'mspid' }, 2: { name: 'certificate' } };
const version: MessageKind = { 1: { name: 'block' }, 2: { name: 'transaction' } };
const chaincodeId: MessageKind = { 1: { name: 'path' }, 2: { name: 'name' }, 3: { name: 'version' } };

const signatureHeader: MessageKind = { 1: { name: 'creator', holds: identity }, 2: { name: 'nonce' } };

const channelHeader: MessageKind = {
  1: { name: 'type' },
  2: { name: 'version' },
  3: { name: 'timestamp', holds: { 1: { name: 'seconds' }, 2: { name: 'nanos' } } },
  4: { name: 'channel' },
  5: { name: 'txId' },
  6: { name: 'epoch' },
  7: { name: 'extension', holds: { 2: { name: 'chaincode', holds: chaincodeId } } },
  8: { name: 'tlsCertificateHash' },
};

const publicSet: MessageKind = {
  1: { name: 'read', holds: { 1: { name: 'key' }, 2: { name: 'version', holds: version } } },
  2: { name: 'rangeQuery' },
  3: { name: 'write', holds: { 1: { name: 'key' }, 2: { name: 'isDelete' }, 3: { name: 'value' } } },
  4: { name: 'metadataWrite' },
};

const hashedSet: MessageKind = {
  1: { name: 'read', holds: { 1: { name: 'keyHash' }, 2: { name: 'version', holds: version } } },
  2: {
    name: 'write',
    holds: {
      1: { name: 'keyHash' },
      2: { name: 'isDelete' },
      3: { name: 'valueHash' },
      4: { name: 'isPurge' },
    },
  },
  3: { name: 'metadataWrite' },
};

const collection: MessageKind = {
  1: { name: 'name' },
  2: { name: 'hashed', holds: hashedSet },
  3: { name: 'privateSetHash' },
};

const results: MessageKind = {
  1: { name: 'dataModel' },
  2: {
    name: 'namespace',
    holds: {
      1: { name: 'name' },
      2: { name: 'public', holds: publicSet },
      3: { name: 'collection', holds: collection },
    },
  },
};

const action: MessageKind = {
  1: { name: 'results', holds: results },
  2: { name: 'event' },
  3: { name: 'response', holds: { 1: { name: 'status' }, 2: { name: 'message' }, 3: { name: 'payload' } } },
  4: { name: 'chaincode', holds: chaincodeId },
};

const input: MessageKind = { 1: { name: 'argument' }, 2: { name: 'decoration' }, 3: { name: 'isInit' } };

const invocation: MessageKind = {
  1: {
    name: 'spec',
    holds: {
      1: { name: 'language' },
      2: { name: 'chaincode', holds: chaincodeId },
      3: { name: 'input', holds: input },
      4: { name: 'timeout' },
    },
  },
};

const endorsed: MessageKind = {
  1: {
    name: 'answer',
    holds: { 1: { name: 'proposalHash' }, 2: { name: 'action', holds: action } },
  },
  2: {
    name: 'endorsement',
    holds: { 1: { name: 'endorser', holds: identity }, 2: { name: 'signature' } },
  },
};

const transaction: MessageKind = {
  1: {
    name: 'action',
    holds: {
      1: { name: 'header', holds: signatureHeader },
      2: {
        name: 'payload',
        holds: {
          1: {
            name: 'proposal',
            holds: { 1: { name: 'invocation', holds: invocation }, 2: { name: 'transient' } },
          },
          2: { name: 'endorsed', holds: endorsed },
        },
      },
    },
  },
};

const header: MessageKind = {
  1: { name: 'channel', holds: channelHeader },
  2: { name: 'signature', holds: signatureHeader },
};

const envelopeWith = (data: FieldKind): MessageKind => ({
  1: { name: 'payload', holds: { 1: { name: 'header', holds: header }, 2: data } },
  2: { name: 'signature' },
});

const ENDORSER_TRANSACTION = 3;

/**
 * Every field of a transaction's envelope. A configuration of the channel, which is no transaction of a chaincode, is one
 * field `payload.data`.
 */
export function fieldsOfEnvelope(envelope: Buffer): Field[] {
  const closed = fieldsOf(envelope, envelopeWith({ name: 'data' }));
  const type = closed.find(({ path }) => path === 'payload.header.channel.type')?.value;
  return type === ENDORSER_TRANSACTION
    ? fieldsOf(envelope, envelopeWith({ name: 'data', holds: transaction }))
    : closed;
}
