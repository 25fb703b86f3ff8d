import { hash } from 'node:crypto';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

/** A body as a value on the ledger might hold it, were it not salted. */
function* formsOf(text: string): Generator<Buffer> {
  const plain = Buffer.from(text);
  yield plain;
  for (const pack of [deflateRawSync, deflateSync, gzipSync]) yield pack(plain);
}

/** The same resource, without what a server adds. */
function* variantsOf(body: string): Generator<string> {
  yield body;
  const { id, meta: _, ...content } = JSON.parse(body) as Record<string, unknown>;
  yield JSON.stringify(content);
  yield JSON.stringify({ ...content, id });
  yield JSON.stringify({ id, ...content });
}

/** Words that a value might be, such as a record's status. */
const WORDS = [
  'open',
  'erasing',
  'erased',
  'active',
  'disabled',
  'inactive',
  'true',
  'false',
  '1',
  '{}',
  '[]',
  'null',
  '',
];

/** Those of the hashes (SHA-256, hexadecimal) that somebody who has these bodies and texts would have found. */
export function guessedValues(
  hashes: ReadonlySet<string>,
  bodies: Iterable<string>,
  texts: Iterable<string>,
): string[] {
  const guessed: string[] = [];
  const guess = (text: string) => {
    for (const form of formsOf(text)) if (hashes.has(hash('sha256', form, 'hex'))) guessed.push(text);
  };
  for (const body of bodies) for (const variant of variantsOf(body)) guess(variant);
  for (const text of [...WORDS, ...texts]) guess(text);
  return guessed;
}
