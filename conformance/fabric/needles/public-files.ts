import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A file that others than the members may see. */
export interface PublicFile {
  /** Below the folder that was looked through. */
  name: string;
  bytes: Buffer;
}

/** Where a member's peer keeps private data, by the end of the folder's path, and why it may stand there. */
const PRIVATE: readonly (readonly [folder: RegExp, why: string])[] = [
  [/ledgersData\/pvtdataStore$/, 'private data as it was committed, on a member’s own peer'],
  [/ledgersData\/stateLeveldb$/, 'the state, private data included, on a member’s own peer'],
  [/data\/transientstore$/, 'private data between endorsement and commit, on a member’s own peer'],
];

/** Whether a folder holds private data, which only members see. */
const isPrivate = (folder: string): boolean => PRIVATE.some(([pattern]) => pattern.test(folder));

/**
 * Every file of a network's folder that is not a member's private data: blocks and their indexes, write-ahead logs, the
 * CAs' databases, configuration, and what each process logged. One at a time, since all together may be large.
 */
export function* publicFiles(folder: string): Generator<PublicFile> {
  for (const file of filesBelow(folder)) yield { name: relative(folder, file), bytes: contentOf(file) };
}

function* filesBelow(folder: string): Generator<string> {
  if (isPrivate(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

/** A write-ahead log is made in advance: the zeros at its end are nothing. */
function contentOf(file: string): Buffer {
  if (statSync(file).size === 0) return Buffer.alloc(0);
  const bytes = readFileSync(file);
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return bytes.subarray(0, end);
}
