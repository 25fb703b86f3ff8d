import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { LedgerSettings } from '../config.ts';
import { Callers } from './callers.ts';
import { Lane, type Reason, type Request } from './lane.ts';
import { IN_TURN, laneOf, limitsOf, type LaneName } from './lanes.ts';
import { refuse, STATUS } from './refusal.ts';

/** Works on a request; resolves when it is done with it, whatever came of it. */
export type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<unknown>;

export interface AdmissionOptions {
  /** Bytes that a body may have. */
  maxBody: number;
  ledger: Pick<LedgerSettings, 'engine'>;
  trustedProxies?: number;
  /** Milliseconds; `performance.now` by default. */
  clock?: () => number;
}

export interface AdmissionFigures {
  lanes: ReadonlyMap<string, { running: number; waiting: number }>;
  refused: ReadonlyMap<number, number>;
}

interface Visit extends Request {
  request: IncomingMessage;
  response: ServerResponse;
}

/**
 * Milliseconds of a turn of the event loop that go into starting work; where requests were read for longer, as long as
 * that.
 */
const AT_ONCE = 10;

/**
 * Refusals that are sent in a turn. Who floods sends the next request when they have this answer: at this pace refusing
 * takes a small part of the time, turns stay short, and everybody else is heard at once.
 */
const REFUSED_AT_ONCE = 64;

/** Milliseconds between two looks for those who have waited for too long. */
const LOOK = 250;

/** What a body counts whose length its sender did not say. */
const UNSAID = 4 << 20;

/**
 * Stands before everything that answers: bounds how much is worked on, how much waits and for how long, and refuses the
 * rest by its head alone, with 429 or 503 and Retry-After, for a small part of what an answer would cost. So a server that
 * is asked for more than it can do goes on doing as much as it can.
 */
export class Admission {
  readonly callers: Callers;
  readonly #lanes: Readonly<Record<LaneName, Lane<Visit>>>;
  readonly #all: readonly Lane<Visit>[];
  readonly #clock: () => number;
  /** When this turn's requests began to be read; undefined between turns. */
  #began: number | undefined;
  /** Whether there will be work at the end of this turn. */
  #scheduled = false;
  /** Those who are still to be told that they are refused. */
  #refusals: { visit: Visit; reason: Reason }[] = [];
  /** The place in `IN_TURN` of the lane that was asked last. */
  #turn = 0;
  #ageing: NodeJS.Timeout | undefined;
  #handle: Handle = () => Promise.resolve();
  readonly #refused = new Map<number, number>();

  constructor({ maxBody, ledger, trustedProxies = 0, clock = () => performance.now() }: AdmissionOptions) {
    const limits = limitsOf(maxBody, ledger.engine);
    this.callers = new Callers(trustedProxies);
    this.#clock = clock;
    this.#lanes = {
      reads: new Lane(limits.reads),
      writes: new Lane(limits.writes),
      rest: new Lane(limits.rest),
    };
    this.#all = Object.values(this.#lanes);
  }

  /** What takes the server's requests and hands on those that are admitted. */
  before(handle: Handle): RequestListener {
    this.#handle = handle;
    return (request, response) => this.#enter(request, response);
  }

  /** How many are worked on and wait, by lane, and how many were refused since it began, by status. */
  figures(): AdmissionFigures {
    const lanes = Object.entries(this.#lanes).map(
      ([lane, { running, waiting }]) => [lane, { running, waiting }] as const,
    );
    return { lanes: new Map(lanes), refused: this.#refused };
  }

  #enter(request: IncomingMessage, response: ServerResponse): void {
    const name = laneOf(request.method ?? '', request.url ?? '');
    if (name === undefined) return void this.#handle(request, response);
    const lane = this.#lanes[name];
    const now = this.#clock();
    const visit = {
      request,
      response,
      caller: this.callers.of(request),
      bytes: bytesOf(request),
      since: now,
    };
    const began = (this.#began ??= now);
    if (now - began < AT_ONCE && lane.free(visit)) this.#start(lane, visit);
    else {
      const reason = lane.wait(visit, now);
      if (reason) this.#refuse(visit, reason);
      else this.#watchAge();
    }
    this.#schedule();
  }

  /** When all who come in this turn have been read, those who wait get their time. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#work());
  }

  #work(): void {
    const now = this.#clock();
    const read = now - (this.#began ?? now);
    this.#began = undefined;
    this.#scheduled = false;
    for (const { visit, reason } of this.#refusals.splice(0, REFUSED_AT_ONCE))
      refuse(visit.request, visit.response, reason);
    this.#startUntil(now + Math.max(AT_ONCE, read));
  }

  /** Starts those who wait, one after the other, for as long as a turn may take, and goes on in the next. */
  #startUntil(until: number): void {
    const now = this.#clock();
    if (now >= until || !this.#startNext(now)) return this.#goOn();
    // A tick that a microtask asks for comes when what was started has run as far as it can: so its time is seen.
    queueMicrotask(() => process.nextTick(() => this.#startUntil(until)));
  }

  /** There may be room for who waits. */
  #goOn(): void {
    if (this.#refusals.length > 0 || this.#all.some((lane) => lane.ready)) this.#schedule();
  }

  /** Starts one who waits, of the lanes in turns; false when nobody does for whom there is room. */
  #startNext(now: number): boolean {
    for (let tried = 0; tried < IN_TURN.length; tried += 1) {
      this.#turn = (this.#turn + 1) % IN_TURN.length;
      const lane = this.#lanes[IN_TURN[this.#turn] ?? 'reads'];
      const visit = lane.next(now);
      // Whoever went away has no use for an answer.
      if (!visit || visit.request.socket.destroyed) continue;
      this.#start(lane, visit);
      return true;
    }
    return false;
  }

  /** While somebody waits, those are looked for who have waited for too long. */
  #watchAge(): void {
    if (this.#ageing) return;
    this.#ageing = setTimeout(() => {
      this.#ageing = undefined;
      const now = this.#clock();
      for (const lane of this.#all) for (const visit of lane.tooOld(now)) this.#refuse(visit, 'overload');
      this.#goOn();
      if (this.#all.some(({ waiting }) => waiting > 0)) this.#watchAge();
    }, LOOK).unref();
  }

  #refuse(visit: Visit, reason: Reason): void {
    this.#refusals.push({ visit, reason });
    const status = STATUS[reason];
    this.#refused.set(status, (this.#refused.get(status) ?? 0) + 1);
  }

  #start(lane: Lane<Visit>, visit: Visit): void {
    lane.started(visit);
    const ended = () => {
      lane.ended(visit);
      this.#goOn();
    };
    this.#handle(visit.request, visit.response).then(ended, ended);
  }
}

function bytesOf({ headers }: IncomingMessage): number {
  if (headers['transfer-encoding'] !== undefined) return UNSAID;
  return Number(headers['content-length'] ?? 0);
}
