import {
  BASE64URL_LENGTH,
  base64urlInto,
  base64urlOf,
  hexInto,
  hexOf,
  isHex,
  UUID_LENGTH,
  uuidInto,
  uuidOf,
} from './byte-texts.ts';
import { Unpackable, type PackWriter } from './pack-writer.ts';
import type { PackReader } from './pack-reader.ts';
import { WORDS, wordNumber } from './words.ts';

/*
 * A text begins with a byte that says its form: from 128 a word, its number and 128; from 8 UTF-8 of so many bytes and 8;
 * below:
 */
const UUID = 0; // 16 bytes
const BASE64URL = 1; // 16 bytes
const HEX = 2; // their number, bytes
const UTF8 = 3; // their number, bytes
const AROUND_UUID = 4; // the text before, 16 bytes, the text after
const AGAIN = 5; // the place in the list of this value's remembered texts
const REFERENCE = 6; // a word, the text after `/`
const BY_IDENTIFIER = 7; // a word, the text after `?identifier=`
const SHORT = 8;
const WORD = 128;

const IDENTIFIER = '?identifier=';
/** Shorter texts take little more than their place in the list; only the first few are worth a search. */
const MIN_REMEMBERED = 4;
const MAX_TEXTS = 32;
/** Longer texts are not searched for what they are made of. */
const SEARCHED = 512;
/** So few digits are as short in UTF-8, or nearly. */
const MIN_HEX = 8;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const EMBEDDED = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

/** Writes a text in the form that fits it; throws Unpackable when it is no well-formed Unicode. */
export function writeText(out: PackWriter, text: string): void {
  const word = wordNumber(text);
  if (word !== undefined) return out.byte(WORD + word);
  if (text.length >= MIN_REMEMBERED) {
    const place = out.texts.indexOf(text);
    if (place >= 0) {
      out.byte(AGAIN);
      return out.integer(place);
    }
    remember(out.texts, text);
  }
  writePart(out, text);
}

function remember(texts: string[], text: string): void {
  if (texts.length < MAX_TEXTS) texts.push(text);
}

/** Writes a text that is not remembered, or a part of one: parts never are. */
function writePart(out: PackWriter, text: string): void {
  const word = wordNumber(text);
  if (word !== undefined) return out.byte(WORD + word);
  const { length } = text;
  if (length === UUID_LENGTH && writeUuid(out, text)) return;
  if (length === BASE64URL_LENGTH && writeBase64url(out, text)) return;
  if (length <= SEARCHED && (writeAfterWord(out, text) || writeAroundUuid(out, text))) return;
  if (length >= MIN_HEX && isHex(text)) {
    out.byte(HEX);
    out.integer(length / 2);
    out.put(length / 2, (bytes, at) => hexInto(text, bytes, at));
    return;
  }
  writeUtf8(out, text);
}

function writeUuid(out: PackWriter, text: string): boolean {
  return out.put(17, (bytes, at) => {
    bytes[at] = UUID;
    return uuidInto(text, 0, bytes, at + 1);
  });
}

function writeBase64url(out: PackWriter, text: string): boolean {
  return out.put(17, (bytes, at) => {
    bytes[at] = BASE64URL;
    return base64urlInto(text, bytes, at + 1);
  });
}

/** `Practitioner/2`, `Patient?identifier=...` */
function writeAfterWord(out: PackWriter, text: string): boolean {
  const asked = text.indexOf('?');
  const byIdentifier = asked > 0 && text.startsWith(IDENTIFIER, asked);
  const end = byIdentifier ? asked : text.indexOf('/');
  if (end <= 0) return false;
  const word = wordNumber(text.slice(0, end));
  if (word === undefined) return false;
  out.byte(byIdentifier ? BY_IDENTIFIER : REFERENCE);
  out.byte(WORD + word);
  out.nested(() => writePart(out, text.slice(end + (byIdentifier ? IDENTIFIER.length : 1))));
  return true;
}

function writeAroundUuid(out: PackWriter, text: string): boolean {
  const start = text.length > UUID_LENGTH ? text.search(EMBEDDED) : -1;
  if (start < 0) return false;
  out.byte(AROUND_UUID);
  out.nested(() => writePart(out, text.slice(0, start)));
  out.put(16, (bytes, at) => uuidInto(text, start, bytes, at));
  out.nested(() => writePart(out, text.slice(start + UUID_LENGTH)));
  return true;
}

function writeUtf8(out: PackWriter, text: string): void {
  if (text.length < WORD - SHORT && writeAscii(out, text)) return;
  if (!text.isWellFormed()) throw new Unpackable();
  const bytes = encoder.encode(text);
  if (bytes.length < WORD - SHORT) out.byte(SHORT + bytes.length);
  else {
    out.byte(UTF8);
    out.integer(bytes.length);
  }
  out.copy(bytes);
}

/** A short text of ASCII, for which an encoder takes longer than a loop. */
const writeAscii = (out: PackWriter, text: string): boolean =>
  out.put(1 + text.length, (bytes, at) => {
    bytes[at] = SHORT + text.length;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit > 0x7f) return false;
      bytes[at + 1 + index] = unit;
    }
    return true;
  });

/** Reads what writeText wrote; throws a RangeError for anything else. */
export function readText(from: PackReader): string {
  const form = from.byte();
  if (form === AGAIN) {
    const text = from.texts[from.integer()];
    if (text === undefined) throw new RangeError('a text that is not there');
    return text;
  }
  if (form >= WORD) return wordOf(form);
  const text = readForm(from, form);
  if (text.length >= MIN_REMEMBERED) remember(from.texts, text);
  return text;
}

const readPart = (from: PackReader): string => from.nested(() => readForm(from, from.byte()));

function readForm(from: PackReader, form: number): string {
  switch (form) {
    case UUID:
      return uuidOf(from.take(16));
    case BASE64URL:
      return base64urlOf(from.take(16));
    case HEX:
      return hexOf(from.take(from.integer()));
    case UTF8:
      return utf8Of(from.take(from.integer()));
    case AROUND_UUID:
      return readPart(from) + uuidOf(from.take(16)) + readPart(from);
    case REFERENCE:
      return `${wordOf(from.byte())}/${readPart(from)}`;
    case BY_IDENTIFIER:
      return wordOf(from.byte()) + IDENTIFIER + readPart(from);
    case AGAIN:
      throw new RangeError('a part of a text that is another text');
    default:
      return form >= WORD ? wordOf(form) : utf8Of(from.take(form - SHORT));
  }
}

function wordOf(byte: number): string {
  const word = WORDS.get(byte - WORD);
  if (word === undefined) throw new RangeError('a word that is not known');
  return word;
}

function utf8Of(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new RangeError('a text that is no UTF-8');
  }
}
