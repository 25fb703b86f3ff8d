import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Envelope } from '@fhir-fabric-gateway/chaincode/api';
import { dictionary } from './dictionary.ts';

const ENC = 'deflate';
const KID = 'r4-1';

/** Bytes that content may have when it is opened: whoever packed it may not be a friend. */
const MAX_TEXT = 64 * 1024 * 1024;

/** Text as it is stored on the ledger: raw deflate (RFC 1951) with the preset dictionary that `kid` names. */
export function seal(text: string): Envelope {
  return { enc: ENC, kid: KID, data: deflateRawSync(text, { dictionary, level: 6 }) };
}

/** The text in an envelope; throws a RangeError when it is of another encoding, an Error when its data is damaged. */
export function open(envelope: Envelope): string {
  if (envelope.enc !== ENC || envelope.kid !== KID) {
    throw new RangeError(`no key for content of encoding ${envelope.enc}, ${envelope.kid}`);
  }
  return inflateRawSync(envelope.data, { dictionary, maxOutputLength: MAX_TEXT }).toString('utf8');
}
