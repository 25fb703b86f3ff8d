import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Principal } from '../../principal.ts';
import { badRequest } from '../errors.ts';

/** Whose a page is: of one user, one client, with these scopes; a renewed token may go on with it. */
export function pageHolder({ identity, client, launchPatient, scopes, purpose }: Principal): string {
  return JSON.stringify([identity, client, launchPatient, scopes, purpose]);
}

/**
 * The `_page` of a next link: the index's cursor, bound by an HMAC to the query that it belongs to and to whoever made
 * it, so that nobody else can go on with it.
 */
export function sealPage(cursor: string, boundTo: string, secret: Uint8Array): string {
  return `${Buffer.from(cursor).toString('base64url')}.${mac(cursor, boundTo, secret)}`;
}

/** The cursor of a `_page`; throws 400 when it is not ours, or belongs to another query or token. */
export function openPage(page: string, boundTo: string, secret: Uint8Array): string {
  const [encoded = '', given = ''] = page.split('.');
  const cursor = Buffer.from(encoded, 'base64url').toString();
  const expected = mac(cursor, boundTo, secret);
  if (given.length !== expected.length || !timingSafeEqual(Buffer.from(given), Buffer.from(expected))) {
    throw badRequest('The page belongs to another search or another user.', '_page');
  }
  return cursor;
}

function mac(cursor: string, boundTo: string, secret: Uint8Array): string {
  return createHmac('sha256', secret).update(`${cursor}\n${boundTo}`).digest('base64url');
}
