import { setTimeout as delay } from 'node:timers/promises';
import type { Attempt } from '../load/attempt.ts';
import { whatIsWrong } from '../load/outcome.ts';
import { ReadLoad, type Look } from '../load/read-load.ts';
import { summaryOf, type Summary } from '../load/summary.ts';
import { isWell } from '../load/well.ts';
import { WriteLoad } from '../load/write-load.ts';
import type { Site } from '../testing/site.ts';
import { until } from '../testing/until.ts';
import { assemble, type Cast } from './cast.ts';
import type { Fault } from './fault.ts';

/** What was seen around one fault. Times are milliseconds, as `performance.now()` has them. */
export interface Seen {
  /** All that were offered, some before the fault. */
  attempts: readonly Attempt[];
  looks: readonly Look[];
  /** When it had happened. */
  struck: number;
  /** When it began to be undone. */
  undone: number;
  /** What is wrong with what each gateway holds afterwards; a line each. */
  wrong: Readonly<Record<string, readonly string[]>>;
  summary: Summary;
}

export interface RunOptions {
  /** Writes a second. */
  rate: number;
  /** That a fault lasts. */
  seconds: number;
}

/** Milliseconds. */
const RECOVERS_WITHIN = 180_000;

/** Lets a fault strike while writes and reads go on, waits until all is well again, and looks what is there. */
export async function runFault(site: Site, fault: Fault, options: RunOptions): Promise<Seen> {
  const cast = await assemble(site);
  const identifiers = `urn:fault:${fault.name.replaceAll(/\W+/g, '-')}`;
  const patients = cast.patients.map(({ patient }) => patient);
  const places = fault.writers === undefined ? ['hospital', 'lab'] : [fault.writers];
  const authors = authorsOf(cast).filter(({ at }) => places.includes(at));
  const writes = new WriteLoad({ ...options, authors, patients, system: identifiers });
  const reads = new ReadLoad(readersOf(cast));
  const well = (since: number) => () => isWell(writes, places, since);
  let undo: (() => Promise<void>) | undefined;
  try {
    await until('writes go on', well(performance.now()));
    undo = await fault.strike(site);
    const struck = performance.now();
    const lasts = Math.max(options.seconds, fault.atLeast ?? 0) * 1000;
    await delay(lasts);
    if (fault.endured) await until('writes succeed again', well(struck), RECOVERS_WITHIN);
    const undone = performance.now();
    const undoing = undo();
    undo = undefined;
    await undoing;
    await until('all is well again', well(undone), RECOVERS_WITHIN);
    await Promise.all([writes.stop(), reads.stop()]);
    const attempts = writes.attempts;
    const after = attempts.filter(({ due }) => due >= struck);
    const summary = summaryOf(after, struck, fault.endured ? struck : undone);
    const wrong = {
      hospital: await whatIsWrong(cast.hospitalSystem, identifiers, patients, attempts),
      lab: await whatIsWrong(cast.labSystem, identifiers, patients, attempts),
    };
    return { attempts, looks: reads.looks, struck, undone, wrong, summary };
  } finally {
    await undo?.();
    await Promise.all([writes.stop(), reads.stop()]);
  }
}

/** Both gateways' people and systems, of whom the hospital's write twice as much. */
export const authorsOf = ({ hospitalSystem, doctor, doctor2, lab, labSystem }: Cast) => [
  { at: 'hospital', caller: hospitalSystem },
  { at: 'lab', caller: labSystem },
  { at: 'hospital', caller: doctor },
  { at: 'hospital', caller: hospitalSystem },
  { at: 'lab', caller: lab },
  { at: 'hospital', caller: doctor2 },
];

function readersOf({ patients, doctor, labSystem }: Cast) {
  const [person] = patients;
  if (!person) throw new RangeError('somebody must be read about');
  const path = `Patient/${person.patient}`;
  return [
    { who: 'the patient', caller: person, path },
    { who: 'the doctor', caller: doctor, path },
    { who: 'the lab', caller: labSystem, path },
  ];
}
