import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import type { ChainHead } from './head.ts';

/** What the signer's file says in clear: what a chain is held against by someone who doesn't have the secret. */
export interface SignerRecord {
  /** The public key of the signer of blocks, SPKI, PEM. */
  signer?: string;
  /** A block that the chain contains. It may lag behind the last one, and is never ahead of what is on disk. */
  head?: ChainHead;
}

export interface SignerFile extends SignerRecord {
  file: string;
  /** Salt and sealed private key, base64. */
  sealed: string;
}

/**
 * The signer's file, undefined when it is not there. Throws an Error when it is something else. JSON of `sealed`,
 * `signer` and `head`; an older one has the sealed key alone.
 */
export function readSignerFile(file: string): SignerFile | undefined {
  if (!existsSync(file)) return undefined;
  const content = readFileSync(file, 'utf8').trim();
  if (/^[A-Za-z0-9+/]+=*$/.test(content)) return { file, sealed: content };
  try {
    const value: unknown = JSON.parse(content);
    if (typeof value !== 'object' || value === null) throw new TypeError('no object');
    const { sealed, signer, head } = value as Record<string, unknown>;
    if (typeof sealed !== 'string') throw new TypeError('no sealed key');
    return {
      file,
      sealed,
      ...(signer !== undefined && { signer: text(signer) }),
      ...(head !== undefined && { head: headOf(head) }),
    };
  } catch (cause) {
    throw new Error(`${file} is no file of a signer`, { cause });
  }
}

/** What the signer's file says in clear; nothing when it is not there. Throws an Error when it is something else. */
export function signerRecord(file: string): SignerRecord {
  const { signer, head } = readSignerFile(file) ?? {};
  return { ...(signer !== undefined && { signer }), ...(head && { head }) };
}

/** All of it or nothing, readable by the owner only, and on disk when it returns. */
export function writeSignerFile(content: SignerFile): void {
  const unfinished = unfinishedOf(content);
  const descriptor = openSync(unfinished, 'w', 0o600);
  try {
    writeSync(descriptor, textOf(content));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(unfinished, content.file);
}

/** The same, without holding up this thread. */
export async function rewriteSignerFile(content: SignerFile): Promise<void> {
  const unfinished = unfinishedOf(content);
  const handle = await open(unfinished, 'w', 0o600);
  try {
    await handle.writeFile(textOf(content));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, content.file);
}

const unfinishedOf = ({ file }: SignerFile): string => `${file}.${process.pid}.new`;

const textOf = ({ sealed, signer, head }: SignerFile): string =>
  `${JSON.stringify({ sealed, signer, head }, null, 2)}\n`;

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('no text');
  return value;
}

function headOf(value: unknown): ChainHead {
  if (typeof value !== 'object' || value === null) throw new TypeError('no head');
  const { number, hash } = value as Record<string, unknown>;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0)
    throw new TypeError('no number');
  return { number, hash: text(hash) };
}
