import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { FhirError, badRequest } from '../errors.ts';

const DECODERS: Readonly<Record<string, () => NodeJS.ReadWriteStream & Readable>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * The whole body, decompressed as its `Content-Encoding` says; refused with 413 as soon as it is longer than `limit` bytes,
 * compressed or not, with 415 when it is encoded otherwise or more than once, with 400 when it is not what the header says.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLong(limit);
  const encoding = (request.headers['content-encoding'] ?? '').trim().toLowerCase();
  if (encoding === '' || encoding === 'identity') return collect(request, limit);
  const decoder = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding]?.() : undefined;
  if (!decoder) throw notDecoded(encoding);
  request.pipe(decoder);
  request.once('error', (error) => decoder.destroy(error));
  try {
    return await collect(decoder, limit);
  } catch (error) {
    if (error instanceof FhirError || request.errored) throw error;
    throw badRequest(`The body is not what Content-Encoding says: ${encoding}.`, 'http.Content-Encoding');
  } finally {
    request.unpipe(decoder);
    decoder.destroy();
  }
}

async function collect(body: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) throw tooLong(limit);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, length);
}

const tooLong = (limit: number): FhirError =>
  new FhirError(413, { code: 'too-long', diagnostics: `A body of more than ${limit} bytes is not taken.` });

const notDecoded = (encoding: string): FhirError =>
  new FhirError(
    415,
    {
      code: 'not-supported',
      diagnostics: `A body encoded as ${encoding.slice(0, 100)} is not taken.`,
      expression: ['http.Content-Encoding'],
    },
    { 'Accept-Encoding': 'gzip, deflate, br, identity' },
  );
