const BLOCK = 512;

/** A file in an archive; its content must be read, or left, before the next file is asked for. */
export interface TarEntry {
  name: string;
  content: AsyncIterable<Uint8Array>;
}

/** What is read from a stream in pieces of a wanted length. */
class Reader {
  readonly #source: AsyncIterator<Uint8Array>;
  #buffer = Buffer.alloc(0);
  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Up to `most` bytes, at least one; undefined at the end. */
  async some(most: number): Promise<Buffer | undefined> {
    while (this.#buffer.length === 0) {
      const { value, done } = await this.#source.next();
      if (done) return undefined;
      this.#buffer = Buffer.from(value);
    }
    const piece = this.#buffer.subarray(0, most);
    this.#buffer = this.#buffer.subarray(piece.length);
    return piece;
  }

  async exactly(length: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let left = length; left > 0;) {
      const piece = await this.some(left);
      if (!piece) throw new Error('the archive ends too early');
      pieces.push(piece);
      left -= piece.length;
    }
    return Buffer.concat(pieces);
  }
}

const field = (header: Buffer, from: number, length: number): string =>
  header
    .subarray(from, from + length)
    .toString('utf8')
    .replace(/\0[\s\S]*$/, '');

const paxPath = (body: Buffer): string | undefined =>
  /(?:^|\n)\d+ path=([^\n]*)\n/.exec(body.toString('utf8'))?.[1];

/** The files of a tar archive (POSIX ustar and pax, GNU's long names), one after the other. Throws when it is none. */
export async function* tarEntries(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const reader = new Reader(source);
  let longName: string | undefined;
  for (;;) {
    const header = await reader.exactly(BLOCK);
    if (header.every((byte) => byte === 0)) return;
    if (field(header, 257, 5) !== 'ustar') throw new Error('it is no tar archive');
    const size = Number.parseInt(field(header, 124, 12).trim() || '0', 8);
    if (!Number.isSafeInteger(size) || size < 0) throw new Error('the archive is damaged');
    const kind = field(header, 156, 1);
    const padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if (kind === 'x' || kind === 'L' || kind === 'g') {
      const body = await reader.exactly(size + padding);
      if (kind === 'x') longName = paxPath(body.subarray(0, size)) ?? longName;
      if (kind === 'L') longName = field(body, 0, size);
      continue;
    }
    const prefix = field(header, 345, 155);
    const name = longName ?? (prefix === '' ? '' : `${prefix}/`) + field(header, 0, 100);
    longName = undefined;
    let left = size;
    const content = (async function* () {
      while (left > 0) {
        const piece = await reader.some(left);
        if (!piece) throw new Error('the archive ends too early');
        left -= piece.length;
        yield piece;
      }
    })();
    if (kind === '0' || kind === '') yield { name, content };
    await reader.exactly(left + padding);
  }
}
