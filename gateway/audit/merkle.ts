import { hash } from 'node:crypto';

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);
const sha256 = (...parts: Uint8Array[]): Buffer => hash('sha256', Buffer.concat(parts), 'buffer');
const leaf = (value: Uint8Array): Buffer => sha256(LEAF, value);
const node = (left: Uint8Array, right: Uint8Array): Buffer => sha256(NODE, left, right);

/** A step from a leaf to the root: the neighbour's hash, hexadecimal, and the side on which it stands. */
export interface MerkleStep {
  side: 'left' | 'right';
  hash: string;
}

/**
 * Root, and the path of the leaf at `place`, of the tree of RFC 6962 section 2.1: leaf SHA-256(0 | value), node
 * SHA-256(1 | left | right). Throws a RangeError without values, or for a place outside of them.
 */
export function merkle(values: readonly Uint8Array[], place = 0): { root: string; path: MerkleStep[] } {
  if (place < 0 || place >= values.length) throw new RangeError('No such leaf');
  const path: MerkleStep[] = [];
  let level = values.map(leaf);
  let at = place;
  while (level.length > 1) {
    const neighbour = level[at ^ 1];
    if (neighbour !== undefined)
      path.push({ side: at % 2 === 1 ? 'left' : 'right', hash: neighbour.toString('hex') });
    const above: Buffer[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i], level[i + 1]];
      if (left !== undefined) above.push(right === undefined ? left : node(left, right));
    }
    level = above;
    at >>= 1;
  }
  return { root: level[0]?.toString('hex') ?? '', path };
}

/** The root to which a path leads from a value. */
export function rootOf(value: Uint8Array, path: readonly MerkleStep[]): string {
  let at = leaf(value);
  for (const step of path) {
    const neighbour = Buffer.from(step.hash, 'hex');
    at = step.side === 'left' ? node(neighbour, at) : node(at, neighbour);
  }
  return at.toString('hex');
}

/** The root of the same tree, of values that come one after the other. */
export class MerkleRoot {
  /** Roots of the full trees that the values make so far, the largest first. */
  readonly #full: { height: number; root: Buffer }[] = [];

  add(value: Uint8Array): void {
    let [height, root] = [0, leaf(value)];
    for (let last = this.#full.at(-1); last?.height === height; last = this.#full.at(-1)) {
      this.#full.pop();
      root = node(last.root, root);
      height += 1;
    }
    this.#full.push({ height, root });
  }

  /** Hexadecimal; '' without values. */
  get root(): string {
    const roots = this.#full.map(({ root }) => root);
    return roots.length === 0 ? '' : roots.reduceRight((right, left) => node(left, right)).toString('hex');
  }
}
