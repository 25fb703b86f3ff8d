import { createHash } from 'node:crypto';
import { SHORTEST, type Needle } from './needle-search.ts';

/** A text as it may stand among other bytes: as it is, in other character sets and encodings, and as its hash. */
export function disguisesOf(text: string): Needle[] {
  const forms = new Map<string, Buffer>();
  const add = (how: string, bytes: Buffer | string) => {
    const form = Buffer.from(bytes);
    if (form.length >= SHORTEST) forms.set(form.toString('latin1'), Buffer.from(form));
    names.set(form.toString('latin1'), how);
  };
  const names = new Map<string, string>();
  const plain = Buffer.from(text);
  add('hexadecimal', plain.toString('hex'));
  add('hexadecimal', plain.toString('hex').toUpperCase());
  for (const [lost, base64] of base64Of(plain)) {
    add(`base64 at ${lost}`, base64);
    add(`base64url at ${lost}`, base64.replaceAll('+', '-').replaceAll('/', '_'));
  }
  const utf16 = Buffer.from(text, 'utf16le');
  add('UTF-16', utf16);
  add('UTF-16 big endian', Buffer.from(utf16).swap16());
  add('percent-encoded', encodeURIComponent(text));
  add('percent-encoded, with plus', encodeURIComponent(text).replaceAll('%20', '+'));
  add('JSON', JSON.stringify(text).slice(1, -1));
  add('JSON in ASCII', asciiJson(text));
  add('lower case', text.toLowerCase());
  add('upper case', text.toUpperCase());
  for (const algorithm of ['sha256', 'sha1', 'md5']) {
    const hash = createHash(algorithm).update(plain).digest();
    add(`${algorithm}`, hash);
    for (const encoding of ['hex', 'base64', 'base64url'] as const)
      add(`${algorithm} in ${encoding}`, hash.toString(encoding).replace(/=+$/, ''));
  }
  add('as it is', plain);
  return [...forms].map(([form, bytes]) => ({ bytes, what: `${text} (${names.get(form)})` }));
}

/** What bytes look like inside of base64, by how many bytes are before them in their group of three; without what others share. */
function base64Of(bytes: Buffer): [number, string][] {
  return [0, 1, 2].map((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor((padded.length * 8) / 6);
    return [before, padded.toString('base64').slice(first, last)];
  });
}

const asciiJson = (text: string): string =>
  JSON.stringify(text)
    .slice(1, -1)
    .replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
