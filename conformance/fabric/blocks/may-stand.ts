import type { Field } from './fields.ts';
import { holderOf } from './certificate.ts';

type Test = (value: Buffer | number, text: string) => boolean;

const number: Test = (value) => typeof value === 'number';
const bytes =
  (length: number): Test =>
  (value) =>
    typeof value !== 'number' && value.length === length;
const hash = bytes(32);
const oneOf =
  (...texts: readonly string[]): Test =>
  (_value, text) =>
    texts.includes(text);
const like =
  (pattern: RegExp): Test =>
  (_value, text) =>
    pattern.test(text);
/** An ECDSA signature over P-256, DER. */
const signature: Test = (value) => typeof value !== 'number' && value.length <= 72 && value[0] === 0x30;

const OUTCOMES = /^\[("[A-Z_]{2,13}"(,"[A-Z_]{2,13}")*)?\]$/;
const ROLES = ['patient', 'doctor', 'lab', 'hr', 'system', 'researcher'];
/** 16 random bytes, or what every organisation's operator is called. */
const PSEUDONYM = /^([\w-]{22}|operator)$/;

/** Who submitted: a role and a pseudonym, and what Fabric CA says besides, which is no more. */
const member: Test = (value) => {
  if (typeof value === 'number') return false;
  const { name, organisationalUnits, attributes = {}, alternativeNames } = holderOf(value);
  const { role = '', subject, ...rest } = attributes;
  const others = Object.entries(rest).every(
    ([key, said]) => key.startsWith('hf.') && ['', 'client', name].includes(said),
  );
  return (
    PSEUDONYM.test(name) &&
    organisationalUnits.join() === 'client' &&
    ROLES.includes(role) &&
    subject === name &&
    others &&
    alternativeNames === undefined
  );
};

/** An organisation's peer, which is called as it is reached. */
const peer: Test = (value) =>
  typeof value !== 'number' && /^peer\d\.[a-z]+\.example$/.test(holderOf(value).name);

/** All that may stand in a transaction of the contract, where, and why. Whatever is not in this table may not. */
const MAY_STAND: readonly (readonly [path: RegExp, test: Test, why: string])[] = [
  [/^signature$|\.endorsement\.signature$/, signature, 'who submitted and who endorsed signs'],
  [/\.channel\.(type|version|epoch)$/, number, 'that it is a transaction'],
  [/\.channel\.timestamp\.(seconds|nanos)$/, number, 'when the gateway says that it was made'],
  [/\.channel\.channel$/, oneOf('mychannel'), 'the channel'],
  [/\.channel\.txId$/, like(/^[0-9a-f]{64}$/), 'the hash of creator and nonce'],
  [/\.channel\.tlsCertificateHash$/, hash, 'the connection of the gateway'],
  [/\.chaincode\.name$/, oneOf('ehr'), 'the contract'],
  [/\.chaincode\.version$/, like(/^\d+(\.\d+)*$/), 'its version'],
  [/\.creator\.mspid$|\.endorser\.mspid$/, oneOf('HospitalMSP', 'LabMSP'), 'organisations are known'],
  [/\.creator\.certificate$/, member, 'a role and a pseudonym'],
  [/\.endorser\.certificate$/, peer, 'the peer that endorsed'],
  [/\.nonce$/, bytes(24), 'random'],
  [/\.spec\.(language|timeout)$/, number, 'how the contract is called'],
  [/\.input\.argument$/, oneOf('Commit', 'independent', 'atomic'), 'one function for all, and its mode'],
  [/\.answer\.proposalHash$/, hash, 'a hash over what is here, which is without transient data'],
  [/\.results\.dataModel$/, number, 'how keys and values are kept'],
  [
    /\.namespace\.name$/,
    oneOf('ehr', '_lifecycle'),
    'the contract, and the definition of it that peers look up',
  ],
  [
    /\.public\.read\.key$/,
    like(/^namespaces\/(fields|metadata)\/ehr(\/[A-Z][A-Za-z]+)?$|^anchor\/\w+MSP\/\d+$/),
    'that definition, and anchors',
  ],
  [/\.public\.write\.key$/, like(/^anchor\/\w+MSP\/\d+$/), 'an anchor of an organisation’s audit log'],
  [/\.public\.write\.value$/, like(/^[0-9a-f]{64}$/), 'a Merkle root over salted leaves'],
  [/\.version\.(block|transaction)$/, number, 'which version of a key was read'],
  [/\.collection\.name$/, oneOf('ehr'), 'the one collection'],
  [/\.hashed\.(read|write)\.keyHash$/, hash, 'the hash of a kind and an HMAC under a secret'],
  [/\.hashed\.write\.valueHash$/, hash, 'the hash of a salted value'],
  [/\.hashed\.write\.(isDelete|isPurge)$/, number, 'that something ended'],
  [/\.collection\.privateSetHash$/, hash, 'the hash of all of them'],
  [/\.response\.status$/, number, 'that it was done'],
  [/\.response\.payload$/, like(OUTCOMES), 'an outcome code for each command'],
];

/** What stands in a transaction of the contract and may not: the field, and how it begins. */
export function mayNotStand(fields: readonly Field[]): string[] {
  return fields.flatMap(({ path, value }) => {
    const text = typeof value === 'number' ? String(value) : value.toString();
    const allowed = MAY_STAND.some(([where, test]) => where.test(path) && test(value, text));
    return allowed ? [] : [`${path}: ${text.slice(0, 80)}`];
  });
}

/** The table, a line each, for people. */
export const whatMayStand = (): string[] =>
  MAY_STAND.map(([path, , why]) => `${path.source.replaceAll(/[\\^$]/g, '')}: ${why}`);
