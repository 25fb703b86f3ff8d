import type { Command } from './commands.ts';

/** The transient map of a transaction: `commands` (JSON), `contents` (their content bytes, one after the other), `seed`. */
export interface TransientCommands {
  commands: Uint8Array;
  contents: Uint8Array;
}

/**
 * A copy of `value` in which `replace` stands for each run of bytes, for JSON.stringify. (A replacer would come too
 * late: of a Buffer it is given an array of numbers.)
 */
export function replaceBytes(value: unknown, replace: (bytes: Uint8Array) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return replace(value);
  if (Array.isArray(value)) return value.map((member) => replaceBytes(member, replace));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, replaceBytes(member, replace)]),
  );
}

/**
 * Commands as transient data: in the JSON each content is `{"$content": [offset, length]}` into `contents`.
 */
export function encodeCommands(commands: readonly Command[]): TransientCommands {
  const parts: Uint8Array[] = [];
  let offset = 0;
  const bare = replaceBytes(commands, (bytes) => {
    parts.push(bytes);
    offset += bytes.length;
    return { $content: [offset - bytes.length, bytes.length] };
  });
  const json = JSON.stringify(bare);
  const contents = new Uint8Array(offset);
  let at = 0;
  for (const part of parts) {
    contents.set(part, at);
    at += part.length;
  }
  return { commands: new TextEncoder().encode(json), contents };
}

/** `$content` → its bytes, everywhere inside `value` (which it changes). A walk is several times faster than a reviver. */
function restore(value: unknown, contents: Uint8Array): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$content' in value) {
    const [offset, length] = value.$content as [number, number];
    if (!Number.isInteger(offset) || !Number.isInteger(length) || offset < 0 || length < 0)
      throw new RangeError();
    if (offset + length > contents.length) throw new RangeError('content outside the transient data');
    return contents.subarray(offset, offset + length);
  }
  const members = value as Record<string, unknown>;
  for (const key of Object.keys(members)) {
    const member = members[key];
    if (typeof member === 'object' && member !== null) members[key] = restore(member, contents);
  }
  return value;
}

/** The inverse of encodeCommands; throws a SyntaxError or RangeError when the bytes are not its work. Shapes are not checked. */
export function decodeCommands(transient: TransientCommands): unknown {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(transient.commands);
  return restore(JSON.parse(text), transient.contents);
}
