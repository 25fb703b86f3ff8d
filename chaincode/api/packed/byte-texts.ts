/** Texts that stand for bytes: UUIDs and hexadecimal in lower case, and 16 bytes as base64url without padding. */

const HEX = '0123456789abcdef';
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** A character's value in an alphabet by its code, -1 for those that are not in it. */
const valuesOf = (alphabet: string): Int8Array => {
  const values = new Int8Array(128).fill(-1);
  for (let value = 0; value < alphabet.length; value += 1) values[alphabet.charCodeAt(value)] = value;
  return values;
};
const hexValues = valuesOf(HEX);
const base64urlValues = valuesOf(BASE64URL);
const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const DASH = 0x2d;
const DASHES = [8, 13, 18, 23];
/** Where the digits of a UUID's 16 bytes begin. */
const UUID_DIGITS = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
export const UUID_LENGTH = 36;
/** Characters of 16 bytes as base64url: 22 of six bits each, the last four of which are 0. */
export const BASE64URL_LENGTH = 22;

/** The byte that two hexadecimal digits at `at` stand for; negative when they are no such digits. */
function hexByte(text: string, at: number): number {
  const high = hexValues[text.charCodeAt(at)] ?? -1;
  const low = hexValues[text.charCodeAt(at + 1)] ?? -1;
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/** True when a UUID of lower case begins at `start`; then its bytes are in `target`, from `at`. */
export function uuidInto(text: string, start: number, target: Uint8Array, at: number): boolean {
  for (const dash of DASHES) if (text.charCodeAt(start + dash) !== DASH) return false;
  for (let index = 0; index < 16; index += 1) {
    const byte = hexByte(text, start + (UUID_DIGITS[index] ?? 0));
    if (byte < 0) return false;
    target[at + index] = byte;
  }
  return true;
}

export function uuidOf(bytes: Uint8Array): string {
  const hex = hexOf(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** True when the whole text is pairs of hexadecimal digits of lower case. */
export function isHex(text: string): boolean {
  if (text.length % 2 !== 0) return false;
  for (let at = 0; at < text.length; at += 1) {
    if ((hexValues[text.charCodeAt(at)] ?? -1) < 0) return false;
  }
  return true;
}

/** True when the whole text `isHex`; then its bytes are in `target`, from `at`. */
export function hexInto(text: string, target: Uint8Array, at: number): boolean {
  if (!isHex(text)) return false;
  for (let index = 0; index < text.length / 2; index += 1) target[at + index] = hexByte(text, index * 2);
  return true;
}

export function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += pairs[byte];
  return text;
}

/** True when the text is 16 bytes as base64url; then they are in `target`, from `at`. */
export function base64urlInto(text: string, target: Uint8Array, at: number): boolean {
  if (text.length !== BASE64URL_LENGTH) return false;
  let held = 0;
  let bits = 0;
  let index = at;
  for (let position = 0; position < BASE64URL_LENGTH; position += 1) {
    const value = base64urlValues[text.charCodeAt(position)] ?? -1;
    if (value < 0) return false;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      target[index] = (held >> bits) & 0xff;
      index += 1;
    }
  }
  return (held & 0xf) === 0;
}

/** 16 bytes as base64url. */
export function base64urlOf(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += BASE64URL[(held >> bits) & 0x3f];
    }
  }
  return bits === 0 ? text : text + BASE64URL[(held << (6 - bits)) & 0x3f];
}
