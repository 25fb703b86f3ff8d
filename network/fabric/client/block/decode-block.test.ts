import { createHash } from 'node:crypto';
import { common, ledger, msp, peer } from '@hyperledger/fabric-protos';
import timestamps from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { decodeBlock } from './decode-block.ts';
import type { RawBlock } from './raw-block.ts';

const SCOPE = { chaincode: 'ehr', collection: 'ehr' };
const { rwset } = ledger;
const { kvrwset } = rwset;
const sha = (text: string) => createHash('sha256').update(text).digest();

interface Written {
  key: string;
  value?: string;
  effect?: 'delete' | 'purge';
}

/** The hashed writes of a transaction, and what is public. */
function results(namespace: string, collection: string, writes: readonly Written[]): Uint8Array {
  const hashed = new kvrwset.HashedRWSet();
  hashed.setHashedWritesList(
    writes.map(({ key, value, effect }) => {
      const write = new kvrwset.KVWriteHash();
      write.setKeyHash(sha(key));
      if (value !== undefined) write.setValueHash(sha(value));
      write.setIsDelete(effect !== undefined);
      write.setIsPurge(effect === 'purge');
      return write;
    }),
  );
  const own = new rwset.CollectionHashedReadWriteSet();
  own.setCollectionName(collection);
  own.setHashedRwset(hashed.serializeBinary());
  const set = new rwset.NsReadWriteSet();
  set.setNamespace(namespace);
  set.setCollectionHashedRwsetList([own]);
  const transaction = new rwset.TxReadWriteSet();
  transaction.setNsRwsetList([set]);
  return transaction.serializeBinary();
}

function envelope(
  txId: string,
  done: { results?: Uint8Array; response?: string; chaincode?: string; type?: 1 | 3 } = {},
): Uint8Array {
  const header = new common.ChannelHeader();
  header.setType(done.type ?? common.HeaderType.ENDORSER_TRANSACTION);
  header.setTxId(txId);
  const time = new timestamps.Timestamp();
  time.setSeconds(1_780_000_000);
  time.setNanos(5_999_999);
  header.setTimestamp(time);
  const creator = new msp.SerializedIdentity();
  creator.setMspid('HospitalMSP');
  creator.setIdBytes(Buffer.from('a certificate'));
  const signature = new common.SignatureHeader();
  signature.setCreator(creator.serializeBinary());

  const action = new peer.ChaincodeAction();
  const id = new peer.ChaincodeID();
  id.setName(done.chaincode ?? 'ehr');
  action.setChaincodeId(id);
  const response = new peer.Response();
  response.setPayload(Buffer.from(done.response ?? '["OK"]'));
  action.setResponse(response);
  action.setResults(done.results ?? new Uint8Array(0));
  const answered = new peer.ProposalResponsePayload();
  answered.setExtension$(action.serializeBinary());
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(answered.serializeBinary());
  const payload = new peer.ChaincodeActionPayload();
  payload.setAction(endorsed);
  const transactionAction = new peer.TransactionAction();
  transactionAction.setPayload(payload.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.setActionsList([transactionAction]);

  const both = new common.Header();
  both.setChannelHeader(header.serializeBinary());
  both.setSignatureHeader(signature.serializeBinary());
  const whole = new common.Payload();
  whole.setHeader(both);
  whole.setData(transaction.serializeBinary());
  const made = new common.Envelope();
  made.setPayload(whole.serializeBinary());
  return made.serializeBinary();
}

function privateWrites(writes: readonly Written[]): Uint8Array {
  const set = new kvrwset.KVRWSet();
  set.setWritesList(
    writes.map(({ key, value, effect }) => {
      const write = new kvrwset.KVWrite();
      write.setKey(key);
      if (value !== undefined) write.setValue(Buffer.from(value));
      write.setIsDelete(effect !== undefined);
      return write;
    }),
  );
  return set.serializeBinary();
}

function block(
  envelopes: Uint8Array[],
  codes: number[],
  privateData: RawBlock['privateData'] = new Map(),
): RawBlock {
  const none = new Uint8Array(0);
  return {
    number: 9,
    previousHash: none,
    dataHash: none,
    envelopes,
    codes: Uint8Array.from(codes),
    privateData,
  };
}

test('private writes come with the block: values, deletions and purges; what did not come is missing', () => {
  const writes: Written[] = [
    { key: 'entry/a', value: 'there' },
    { key: 'entry/b', value: 'not there' },
    { key: 'grant/c', effect: 'delete' },
    { key: 'grant/d', effect: 'delete' },
    { key: 'entry/e', effect: 'purge' },
  ];
  const there = [writes[0], writes[2], writes[4]].filter((write) => write !== undefined);
  const sets = [
    {
      namespace: 'ehr',
      collection: 'other',
      writes: privateWrites([{ key: 'entry/b', value: 'elsewhere' }]),
    },
    { namespace: 'ehr', collection: 'ehr', writes: privateWrites(there) },
  ];
  const decoded = decodeBlock(
    block([envelope('t', { results: results('ehr', 'ehr', writes) })], [0], new Map([[0, sets]])),
    SCOPE,
  );
  const keyHash = (key: string) => sha(key).toString('hex');
  expect(decoded).toEqual({
    number: 9,
    transactions: [
      {
        txId: 't',
        index: 0,
        time: 1_780_000_000_005,
        creator: { mspId: 'HospitalMSP', certificate: 'a certificate' },
        valid: true,
        outcomes: ['OK'],
        writes: [
          {
            key: 'entry/a',
            keyHash: keyHash('entry/a'),
            effect: 'put',
            value: new Uint8Array(Buffer.from('there')),
          },
          { keyHash: keyHash('entry/b'), effect: 'missing' },
          { key: 'grant/c', keyHash: keyHash('grant/c'), effect: 'delete' },
          { keyHash: keyHash('grant/d'), effect: 'delete' },
          { keyHash: keyHash('entry/e'), effect: 'purge' },
        ],
        reads: [],
      },
    ],
  });
});

test('only the contract’s transactions count, at their place in the block; invalid ones write nothing', () => {
  const written = results('ehr', 'ehr', [{ key: 'entry/a', value: '1' }]);
  const decoded = decodeBlock(
    block(
      [
        envelope('config', { type: 1 }),
        envelope('lifecycle', { chaincode: '_lifecycle', results: results('_lifecycle', 'ehr', []) }),
        envelope('overtaken', { results: written }),
        Buffer.from('bytes that somebody had ordered'),
        envelope('query', { results: written, response: '{"kind":"entry"}' }),
        envelope('called by another', { chaincode: 'other', results: written }),
      ],
      [0, 0, 11, 255, 0, 0],
    ),
    SCOPE,
  );
  expect(
    decoded.transactions.map(({ txId, index, valid, outcomes, writes }) => [
      txId,
      index,
      valid,
      outcomes,
      writes.length,
    ]),
  ).toEqual([
    ['overtaken', 2, false, ['OK'], 0],
    ['query', 4, true, [], 1],
    ['called by another', 5, true, ['OK'], 1],
  ]);
});

test('a valid transaction that can’t be read is not passed over', () => {
  expect(() => decodeBlock(block([Buffer.from('no envelope')], [0]), SCOPE)).toThrow(Error);
});
