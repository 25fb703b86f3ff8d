import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { Principal } from '../../principal.ts';
import { badRequest } from '../errors.ts';

const IV = 12;
const TAG = 16;
/** Cursors are padded to a multiple of this many bytes: lengths tell no more than how much the client sorts by. */
const STEP = 128;

/** Whose a page is: of one user, one client, with these scopes; a renewed token may go on with it. */
export function pageHolder({ identity, client, launchPatient, scopes, purpose }: Principal): string {
  return JSON.stringify([identity, client, launchPatient, scopes, purpose]);
}

/**
 * The `_page` of a next link: the index's cursor, sealed under a key of the query that it belongs to and of whoever made
 * it, so that nobody else can go on with it. It is encrypted, since the cursor has block and row numbers, which say how
 * much there is besides what the caller may see.
 */
export function sealPage(cursor: string, boundTo: string, secret: Uint8Array): string {
  const plain = Buffer.from(cursor);
  const padded = Buffer.alloc(Math.ceil((plain.length + 1) / STEP) * STEP);
  plain.copy(padded);
  const iv = randomBytes(IV);
  const cipher = createCipheriv('aes-256-gcm', keyOf(boundTo, secret), iv);
  return Buffer.concat([iv, cipher.update(padded), cipher.final(), cipher.getAuthTag()]).toString(
    'base64url',
  );
}

/** The cursor of a `_page`; throws 400 when it is not ours, or belongs to another query or token. */
export function openPage(page: string, boundTo: string, secret: Uint8Array): string {
  const sealed = Buffer.from(page, 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(boundTo, secret), sealed.subarray(0, IV), {
      authTagLength: TAG,
    });
    decipher.setAuthTag(sealed.subarray(-TAG));
    const padded = Buffer.concat([decipher.update(sealed.subarray(IV, -TAG)), decipher.final()]);
    return padded.subarray(0, padded.indexOf(0)).toString();
  } catch {
    throw badRequest('The page belongs to another search or another user.', '_page');
  }
}

const keyOf = (boundTo: string, secret: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(boundTo).digest();
