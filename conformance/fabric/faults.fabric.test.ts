import { readFileSync } from 'node:fs';
import { assemble, grantAll } from './faults/cast.ts';
import { FAULTS, MAX_STALE } from './faults/fault.ts';
import { reportFaults } from './faults/report.ts';
import { authorsOf, runFault, type Seen } from './faults/run-fault.ts';
import { bearableRate } from './load/bearable-rate.ts';
import { fateOf, HUNG, type Attempt, type Fate } from './load/attempt.ts';
import type { Look } from './load/read-load.ts';
import { tally, type Summary } from './load/summary.ts';
import { disguisesOf } from './needles/disguises.ts';
import { leaksIn } from './needles/leaks.ts';
import { publicFiles } from './needles/public-files.ts';
import { describeFabric } from './testing/network.ts';
import { openSite, type Site } from './testing/site.ts';

/**
 * Things go wrong while writes go on at both gateways. FAULT_SECONDS: how long each fault lasts (8; a minute to be
 * thorough); FAULT_RATE: writes a second (100), or fewer, if the machine does not bear as many while nothing is wrong.
 */
const SECONDS = Number(process.env['FAULT_SECONDS'] ?? 8);
const RATE = Number(process.env['FAULT_RATE'] ?? 100);

/** Writes of each fault whose traces are looked for. */
const KEPT = 200;

/** Who reads at which gateway. */
const AT = { hospital: ['the patient', 'the doctor'], lab: ['the lab'] };

describeFabric('while writes go on', () => {
  let site: Site;
  let rate: number;
  const summaries = new Map<string, Summary>();
  /** Of the writes around each fault: patients, identifiers, ids. */
  const written = new Set<string>();

  beforeAll(async () => {
    site = await openSite({ peers: 2, env: { MAX_STALE: String(MAX_STALE) } });
    const cast = await assemble(site);
    await grantAll(cast);
    const patients = cast.patients.map(({ patient }) => patient);
    rate = await bearableRate({ rate: RATE, authors: authorsOf(cast), patients, system: 'urn:fault:none' });
  });

  afterAll(async () => {
    await site.close();
    reportFaults(`Faults under ${rate} writes a second`, summaries, [
      `Each fault lasted ${SECONDS} s or longer. A 202 is a write that was handed to the ledger and not heard of in time.`,
      'Time until all succeeded again counts from the fault where nothing had to be started again, else from the start.',
    ]);
  });

  describe.each(FAULTS)('and $name', (fault) => {
    let seen: Seen;
    const closing = fault.closes && { hospital: 'the doctor', lab: 'the lab' }[fault.closes];
    const those = (fate: Fate) => seen.attempts.filter((attempt) => fateOf(attempt) === fate);
    /** Reads that were not answered with what was asked for, from when the fault struck; not of a gateway that was away. */
    const refused = (who: string) =>
      seen.looks.filter(
        (look) =>
          look.who === who &&
          look.sent > seen.struck &&
          look.status !== 200 &&
          (fault.silences === undefined || AT[fault.silences].includes(who) === false),
      );
    const sayLook = ({ status, retryAfter }: Look) => `${status}, try again in ${retryAfter} s`;

    beforeAll(async () => {
      seen = await runFault(site, fault, { rate, seconds: SECONDS });
      summaries.set(fault.name, seen.summary);
      for (const { patient, identifier, location } of seen.attempts.slice(0, KEPT))
        for (const text of [patient, identifier, /Observation\/([^/]+)/.exec(location ?? '')?.[1]])
          if (text !== undefined) written.add(text);
    });

    test('every write that was answered with success is there once, as it was written, at both gateways', () => {
      expect(those('created').length).toBeGreaterThan(0);
      expect(seen.wrong).toEqual({ hospital: [], lab: [] });
    });

    test('what can’t be done is said to be so, with a time to try again', () => {
      expect(those('unavailable').filter(({ retryAfter = '' }) => !/^\d+$/.test(retryAfter))).toEqual([]);
    });

    test('what was handed over and not heard of is accepted, with the place to look', () => {
      expect(those('accepted').filter(({ location = '' }) => !/\/Observation\/[^/]+/.test(location))).toEqual(
        [],
      );
    });

    test('nothing else is answered, and nobody waits in vain', () => {
      const say = ({ at, status, said }: Attempt) => `${at}: ${status} ${said}`;
      expect(tally(those('other'), say)).toEqual({});
      const unexpected = those('unanswered').filter(({ at, said }) => at !== fault.silences || said === HUNG);
      expect(tally(unexpected, say)).toEqual({});
    });

    test('a patient’s own record stays open', () => {
      expect(tally(refused('the patient'), sayLook)).toEqual({});
    });

    test('others’ records stay open where the ledger is in sight', () => {
      const open = ['the doctor', 'the lab'].filter((who) => who !== closing);
      for (const who of open) expect(tally(refused(who), sayLook)).toEqual({});
    });

    if (closing !== undefined) {
      test('and where it may not be, they are closed with a time to try again', () => {
        const badly = refused(closing).filter(
          ({ status, retryAfter }) => status !== 503 || retryAfter === null,
        );
        expect(tally(badly, sayLook)).toEqual({});
      });
    }

    if (fault.certainly) {
      test('they stay open for as long as they may, and no longer', () => {
        const looks = seen.looks.filter(({ who }) => who === closing);
        const until = seen.struck + MAX_STALE * 1000;
        expect(looks.some(({ sent, status }) => sent > seen.struck + 1000 && status === 200)).toBe(true);
        const tooLate = looks.filter(({ sent }) => sent >= until && sent < seen.undone);
        expect(new Set(tooLate.map(({ status }) => status))).toEqual(new Set([503]));
      });
    }
  });

  test('whatever went wrong, no log and no block tells what was written, or for whom', () => {
    const needles = [...written].flatMap(disguisesOf);
    expect(needles.length).toBeGreaterThan(100);
    const logs = [site.hospital.log, site.lab.log].map((name) => ({ name, bytes: readFileSync(name) }));
    expect(leaksIn([...publicFiles(site.network.folder), ...logs], needles)).toEqual([]);
  });
});
