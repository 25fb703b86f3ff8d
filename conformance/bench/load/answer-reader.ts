/** What a load looks at of an answer. */
export interface PlainAnswer {
  status: number;
  /** Of what was created. */
  location: string | undefined;
  retryAfter: string | undefined;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/**
 * Reads the answers on one HTTP/1.1 connection, where each is awaited before the next request is sent: a fraction of the
 * work of a whole client, so that one core can offer more than a server takes.
 */
export class AnswerReader {
  #bytes: Buffer = Buffer.alloc(0);

  /** Takes what arrived; answers the answer once it is whole. Throws an Error when it is no HTTP/1.1. */
  take(chunk: Buffer): PlainAnswer | undefined {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const end = this.#bytes.indexOf(HEAD_END);
    if (end < 0) return undefined;
    const head = this.#bytes.toString('latin1', 0, end + 2);
    const body = end + HEAD_END.length;
    if (!isWhole(head, this.#bytes, body)) return undefined;
    this.#bytes = Buffer.alloc(0);
    return {
      status: statusOf(head),
      location: header(head, 'location'),
      retryAfter: header(head, 'retry-after'),
    };
  }
}

function isWhole(head: string, bytes: Buffer, body: number): boolean {
  const length = header(head, 'content-length');
  if (length !== undefined) return bytes.length >= body + Number(length);
  if (header(head, 'transfer-encoding') !== undefined) return bytes.subarray(body).includes(LAST_CHUNK);
  return true;
}

function statusOf(head: string): number {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1];
  if (status === undefined) throw new Error('the answer is no HTTP/1.1');
  return Number(status);
}

/** Without a regular expression for each name: this runs for every answer. */
function header(head: string, name: string): string | undefined {
  for (let from = head.indexOf('\r\n') + 2; from > 1 && from < head.length;) {
    const to = head.indexOf('\r\n', from);
    if (
      head.charAt(from + name.length) === ':' &&
      head.slice(from, from + name.length).toLowerCase() === name
    )
      return head.slice(from + name.length + 1, to).trim();
    from = to + 2;
  }
  return undefined;
}
