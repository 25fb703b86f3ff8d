const ANCHOR = /^anchor\/([^/]+)\/([1-9]\d*)$/;

/** The key, in public state, of an organisation's anchor; its value is the root, hexadecimal. */
export const anchorKey = (mspId: string, number: number): string => `anchor/${mspId}/${String(number)}`;

/** Whose anchor a key of public state is, and which; undefined when it is none. */
export function parseAnchorKey(key: string): { mspId: string; number: number } | undefined {
  const [, mspId, number] = ANCHOR.exec(key) ?? [];
  return mspId === undefined ? undefined : { mspId, number: Number(number) };
}
