import type { IndexReader } from '../index-store/port.ts';
import type { Visibility } from '../consent/visibility.ts';
import { ASKERS, SYSTEMS, personOf, writes, type Asker } from './cast.ts';
import { chanceOf } from './chance.ts';
import { comparable, excepted } from './compare.ts';
import { permittedActs } from './permitted.ts';
import { randomRead } from './requests.ts';
import { randomScene, type Act } from './scene.ts';
import { randomWrite } from './writes.ts';
import { World, WorldClock, type Answer, type Call } from './world.ts';

const MOST_PAGES = 12;
const SECOND = 1000;

export interface Difference {
  call: string;
  inA: string;
  inB: string;
}

export interface CaseResult {
  seed: number;
  asker: string;
  /** Writes of the history, and how many of them world B lacks. */
  acts: number;
  hidden: number;
  /** Answers that were compared, how many found something, and how many fell under an exception. */
  answers: number;
  found: number;
  excepted: number;
  difference?: Difference;
}

/**
 * One random history, told once whole and once without what one asker may not see, and the same requests of that asker to
 * both. Stops at the first answer that differs. `readsThrough` is put between world A and its index.
 */
export async function runCase(
  seed: number,
  asker: Asker,
  requests: { reads: number; writes: number },
  readsThrough?: (index: IndexReader) => IndexReader,
): Promise<CaseResult> {
  const chance = chanceOf(seed);
  const clock = new WorldClock();
  clock.install();
  const start = clock.now;
  const worlds: World[] = [];
  try {
    const a = await World.open(readsThrough);
    const b = await World.open();
    worlds.push(a, b);
    const acts = randomScene(chance);
    const tell = async (world: World, history: readonly Act[]) => {
      const done: boolean[] = [];
      for (const [name, person] of Object.entries(SYSTEMS)) await world.enter(name, person);
      for (const act of history) {
        clock.now = start + (Number(act.id.slice(4)) + 1) * SECOND;
        if (act.by.startsWith('pat-') && !world.has(act.by)) await world.enter(act.by, personOf(act.by));
        const { status } = await world.call(act.by, act.id, act);
        done.push(status < 300);
      }
      clock.now = start + (acts.length + 1) * SECOND;
      const already = asker.fhirUser?.replace('Patient/', '') ?? '';
      if (world.has(already)) world.alias('asker', already);
      else await world.enter('asker', asker);
      return done;
    };
    const done = await tell(a, acts);
    const visibility: Visibility = {
      principal: a.principalOf('asker'),
      now: clock.now,
      scopes: writes(asker) ? [{ type: '*' }] : a.principalOf('asker').scopes.map(({ type }) => ({ type })),
    };
    const permitted = await permittedActs(
      acts.map((act, at) => ({ ...act, done: done[at] === true })),
      asker,
      visibility,
      a.gateway.services.index,
    );
    const again = await tell(b, permitted);
    const lost = permitted.find((act, at) => again[at] !== done[acts.findIndex(({ id }) => id === act.id)]);
    if (lost) throw new Error(`${lost.id} (${lost.method} ${lost.path}) is not answered in B as in A`);

    const targets = [...new Set(acts.map(({ target }) => target))];
    const result: CaseResult = {
      ...{ seed, asker: asker.name, acts: acts.length, hidden: acts.length - permitted.length },
      ...{ answers: 0, found: 0, excepted: 0 },
    };
    const ask = async (call: Call, id: string): Promise<Answer | undefined> => {
      const inA = await a.call('asker', id, call);
      const inB = await b.call('asker', id, call);
      result.answers++;
      if (inA.status < 300) result.found++;
      const [shownA, shownB] = [comparable(inA), comparable(inB)];
      if (shownA === shownB) return inA;
      if (excepted(asker, call, inA, inB)) {
        result.excepted++;
        return undefined;
      }
      result.difference = differenceOf(call, shownA, shownB);
      return undefined;
    };
    const askPages = async (path: string, id: string) => {
      let [pathA, pathB]: (string | undefined)[] = [path, path];
      for (let page = 0; page < MOST_PAGES && pathA !== undefined && pathB !== undefined; page++) {
        const [inA, inB] = [
          await a.call('asker', `${id}-${page}`, { method: 'GET', path: pathA }),
          await b.call('asker', `${id}-${page}`, { method: 'GET', path: pathB }),
        ];
        result.answers++;
        if (inA.status < 300) result.found++;
        const [shownA, shownB] = [comparable(inA), comparable(inB)];
        if (shownA !== shownB) {
          const call = { method: 'GET', path: pathA };
          if (excepted(asker, call, inA, inB)) result.excepted++;
          else result.difference = differenceOf(call, shownA, shownB);
          return;
        }
        [pathA, pathB] = [nextOf(inA), nextOf(inB)];
      }
    };
    for (let at = 0; at < requests.reads && !result.difference; at++) {
      clock.now += SECOND;
      await askPages(randomRead(chance, targets), `read-${at}`);
    }
    for (let at = 0; at < (writes(asker) ? requests.writes : 0) && !result.difference; at++) {
      clock.now += SECOND;
      const answered = await ask(randomWrite(chance, targets), `write-${at}`);
      // From a write that an exception lets differ, the worlds go apart.
      if (!answered) break;
      clock.now += SECOND;
      await askPages(randomRead(chance, targets), `after-${at}`);
    }
    return result;
  } finally {
    clock.restore();
    for (const world of worlds) await world.close();
  }
}

/** The request, and from where on the answers differ. */
function differenceOf({ method, path, body, headers = {} }: Call, inA: string, inB: string): Difference {
  let at = 0;
  while (inA[at] === inB[at] && at < inA.length) at++;
  const from = Math.max(0, at - 300);
  const call = [method, path, JSON.stringify(headers), JSON.stringify(body ?? {})].join(' ');
  return { call, inA: inA.slice(from, at + 200), inB: inB.slice(from, at + 200) };
}

function nextOf({ status, body }: Answer): string | undefined {
  if (status !== 200) return undefined;
  const { link = [] } = JSON.parse(body) as { link?: { relation: string; url: string }[] };
  const url = link.find(({ relation }) => relation === 'next')?.url;
  return url?.split('/fhir/R4')[1]?.replace(/^\//, '');
}

/** Who asks in the case of this number. */
export function askerOf(number: number): Asker {
  const asker = ASKERS[number % ASKERS.length];
  if (asker === undefined) throw new RangeError('nobody asks');
  return asker;
}
