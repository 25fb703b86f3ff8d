import { connect, type Socket } from 'node:net';
import { AnswerReader, type PlainAnswer } from './answer-reader.ts';

/** Told what came of a request: nothing when its connection broke, or the answer took longer than PATIENCE. */
export type Answered = (answer: PlainAnswer | undefined) => void;

interface Line {
  socket: Socket;
  reader: AnswerReader;
  /** Who waits for an answer on it. */
  answered: Answered | undefined;
}

/** Milliseconds that an answer may take. */
const PATIENCE = 60_000;

/** Kept connections to one server, opened as they are needed, each with one request at a time. */
export class Lines {
  readonly #at: { host: string; port: number };
  readonly #most: number;
  readonly #open = new Set<Line>();
  readonly #free: Line[] = [];

  constructor(origin: string, most: number) {
    const { hostname, port } = new URL(origin);
    this.#at = { host: hostname, port: Number(port || 80) };
    this.#most = most;
  }

  get open(): number {
    return this.#open.size;
  }

  /** Sends a whole request; false, and nothing is sent, when every connection waits for an answer. */
  send(request: Buffer, answered: Answered): boolean {
    const line = this.#free.pop() ?? (this.#open.size < this.#most ? this.#connect() : undefined);
    if (!line) return false;
    line.answered = answered;
    line.socket.write(request);
    return true;
  }

  close(): void {
    for (const { socket } of this.#open) socket.destroy();
  }

  #connect(): Line {
    const socket = connect({ ...this.#at, noDelay: true });
    const line: Line = { socket, reader: new AnswerReader(), answered: undefined };
    this.#open.add(line);
    socket.setTimeout(PATIENCE, () => socket.destroy());
    socket.on('data', (chunk) => this.#took(line, chunk));
    // Why it broke, nobody asks: that it did is what counts.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#broke(line));
    return line;
  }

  #took(line: Line, chunk: Buffer): void {
    const answer = line.reader.take(chunk);
    if (!answer) return;
    const { answered } = line;
    line.answered = undefined;
    this.#free.push(line);
    answered?.(answer);
  }

  #broke(line: Line): void {
    this.#open.delete(line);
    const at = this.#free.indexOf(line);
    if (at >= 0) this.#free.splice(at, 1);
    const { answered } = line;
    line.answered = undefined;
    answered?.(undefined);
  }
}
