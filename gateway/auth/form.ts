import type { IncomingMessage } from 'node:http';

const LIMIT = 64 * 1024;

/** A submitted HTML form, or undefined when the body is none or is too large. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  if (
    request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() !==
    'application/x-www-form-urlencoded'
  ) {
    return undefined;
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Uint8Array)) return undefined;
    length += chunk.length;
    if (length > LIMIT) return undefined;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

/** Whether a form was sent by one of our own pages, as far as the browser says; the interaction's cookie is the lock. */
export function fromOurPage(request: IncomingMessage, origin: string): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  return request.headers.origin === undefined || request.headers.origin === origin;
}
