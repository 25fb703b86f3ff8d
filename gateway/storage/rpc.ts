import type { MessagePort, Worker } from 'node:worker_threads';
import { LedgerError, type LedgerErrorCode } from '@fhir-fabric-gateway/chaincode/api';
import { FhirError } from '../fhir/errors.ts';

/**
 * Calls across a thread. What is called in one turn of the event loop travels as one message, and so do the answers:
 * a message costs more than most of what it carries.
 */
export type Methods = Record<string, (...args: never[]) => Promise<unknown>>;

interface Call {
  id: number;
  method: string;
  args: readonly unknown[];
}

/** Milliseconds that a call waits for others before the turn is over. */
const TOGETHER = 2;

type Answer = { id: number; result: unknown } | { id: number; error: ErrorMessage };
interface ErrorMessage {
  message: string;
  ledger?: { code: LedgerErrorCode; index: number };
  /** A refusal that is meant for the client: the database can't be reached, say. */
  fhir?: Pick<FhirError, 'status' | 'issues' | 'headers'>;
}

/** The calling side. Rejects what is under way, and whatever comes after, once the thread has ended. */
export class RpcClient {
  readonly #port: Worker;
  readonly #pending = new Map<
    number,
    { resolve: (result: unknown) => void; reject: (error: Error) => void }
  >();
  #outbox: Call[] = [];
  /** When the first in the outbox was put there. */
  #first = 0;
  #nextId = 0;
  #ended: Error | undefined;

  constructor(port: Worker) {
    this.#port = port;
    port.on('message', (answers: Answer[] | object) => {
      // `node --watch` sends messages of its own this way: which files a thread has loaded.
      if (!Array.isArray(answers)) return;
      for (const answer of answers as Answer[]) this.#settle(answer);
    });
    port.on('error', (error) => this.#end(error instanceof Error ? error : new Error(String(error))));
    port.on('exit', () => this.#end(new LedgerError('UNAVAILABLE')));
  }

  call<T>(method: string, ...args: readonly unknown[]): Promise<T> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise<T>((resolve, reject) => {
      const id = this.#nextId++;
      this.#pending.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.#outbox.push({ id, method, args });
      if (this.#outbox.length === 1) {
        this.#first = performance.now();
        setImmediate(() => this.#flush());
        // A turn in which very much is done is long: the thread has something to do meanwhile.
      } else if (performance.now() - this.#first > TOGETHER) this.#flush();
    });
  }

  #flush(): void {
    const calls = this.#outbox;
    if (calls.length === 0) return;
    this.#outbox = [];
    this.#port.postMessage(calls);
  }

  #settle(answer: Answer): void {
    const waiting = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if ('result' in answer) waiting?.resolve(answer.result);
    else waiting?.reject(errorOf(answer.error));
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
  }
}

function errorOf({ message, ledger, fhir }: ErrorMessage): Error {
  if (fhir) return new FhirError(fhir.status, fhir.issues, fhir.headers);
  return ledger ? new LedgerError(ledger.code, ledger.index) : new Error(message);
}

/** The called side: answers each call with what the method of that name resolves to. */
export function serveRpc(port: MessagePort, methods: Methods): void {
  let outbox: Answer[] = [];
  const answer = (one: Answer) => {
    outbox.push(one);
    if (outbox.length > 1) return;
    setImmediate(() => {
      const answers = outbox;
      outbox = [];
      port.postMessage(answers);
    });
  };
  port.on('message', (calls: Call[]) => {
    for (const { id, method, args } of calls) {
      const run = methods[method] as ((...args: readonly unknown[]) => Promise<unknown>) | undefined;
      const result = run ? run(...args) : Promise.reject(new Error(`no method ${method}`));
      result.then(
        (value) => answer({ id, result: value }),
        (error: unknown) => answer({ id, error: messageOf(error) }),
      );
    }
  });
}

function messageOf(error: unknown): ErrorMessage {
  if (error instanceof LedgerError)
    return { message: error.code, ledger: { code: error.code, index: error.index } };
  if (error instanceof FhirError) {
    const { message, status, issues, headers } = error;
    return { message, fhir: { status, issues, headers } };
  }
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
