import { send } from '../../clients/answer.ts';
import type { Bench, Scenario } from '../bench.ts';
import { perSecond, type FloodOutcome, type LoadRequest, type Outcome } from '../load/job.ts';
import { runLoad } from '../load/run-load.ts';
import { answersRow, ANSWERS } from '../report/answers.ts';
import type { Table } from '../report/table.ts';
import { residentMegabytes, startOf, watchVitals, type Vitals } from '../servers/vitals.ts';
import { runFhirLoad } from '../target/fhir-load.ts';
import { mixOf, OF_TWENTY } from '../target/mix.ts';
import { authorization, FHIR_HEADERS, type Target } from '../target/target.ts';
import { filledGateway } from './filled.ts';

/** Observations of each record. */
const EACH = 20;
/** Of what the gateway takes, how much the one offers, and another beside. */
const TIMES = 10;
const BESIDE = 0.02;
const SECONDS = 60;
/** Seconds that what it takes is measured for, before and after. */
const MEASURED = 8;
const CONNECTIONS = 64;
/** Connections of the flood, unless others are asked for. */
const MANY = 2000;
/** Seconds after the flood until the last look at the memory. */
const SETTLE = 10;
/** What was written that is read back at once. */
const AT_ONCE = 32;

const ASKED_MEANWHILE = ['/healthz', '/readyz', '/fhir/R4/metadata'];

/** Far more than the gateway takes, for a minute, and what became of it. */
export const overload: Scenario = {
  about:
    'ten times what the gateway takes, for a minute: who is refused, how fast the others are, what is lost',
  async run(bench) {
    const { seconds = SECONDS, warmUp = 5, connections = [MANY] } = bench.options;
    const filled = await filledGateway(bench, EACH);
    const { target } = filled;
    const requests = mixOf(target, filled);
    const most = (length: number) =>
      runFhirLoad(target, {
        kind: 'closed',
        connections: CONNECTIONS,
        until: { seconds: length },
        requests,
      });
    const measured = Math.min(MEASURED, seconds);
    bench.say('what it takes');
    await most(warmUp);
    const began = await startOf(target.origin);
    const before = { load: await most(measured), megabytes: await residentMegabytes(target.origin) };

    const rate = Math.round(perSecond(before.load) * TIMES);
    bench.say(`${rate}/s offered for ${seconds} s`);
    const watch = watchVitals(target.origin, ASKED_MEANWHILE);
    const [flooded, beside] = await Promise.all([
      flood(target, 'hospital-system', { requests, rate, seconds, connections: Math.max(...connections) }),
      flood(target, 'lab-system', {
        requests: [{ method: 'GET', path: `${target.base}/Organization?_count=5` }],
        ...{ rate: Math.ceil(perSecond(before.load) * BESIDE), seconds, connections: MANY },
      }),
    ]);
    const during = await watch.stop();

    bench.say('what it takes afterwards');
    const load = await most(measured);
    await new Promise((resolve) => setTimeout(resolve, SETTLE * 1000));
    const after = { load, megabytes: await residentMegabytes(target.origin) };
    const lost = await missing(bench, target, flooded.created);
    if ((await startOf(target.origin)) !== began) throw new Error('the gateway did not stay up');
    return [
      whoGotWhat({ flooded, rate, seconds, beside }),
      itself({ before, flooded, during, after }),
      kept(flooded.created.length, lost),
    ];
  },
};

async function flood(
  target: Target,
  client: string,
  load: { requests: readonly LoadRequest[]; rate: number; seconds: number; connections: number },
): Promise<FloodOutcome> {
  const authorizations = [await authorization(target, client)];
  return runLoad({ kind: 'flood', origin: target.origin, headers: FHIR_HEADERS, authorizations, ...load });
}

/** How many of what was answered with 201 can't be read. Who is refused asks again, as it is told to. */
async function missing(bench: Bench, target: Target, created: readonly string[]): Promise<number> {
  bench.say(`reading ${created.length} back`);
  let lost = 0;
  for (let from = 0; from < created.length; from += AT_ONCE) {
    // A token lasts some minutes, which so many may take.
    const headers = { ...FHIR_HEADERS, Authorization: await authorization(target) };
    const answers = created.slice(from, from + AT_ONCE).map((location) => untilTaken(location, headers));
    lost += (await Promise.all(answers)).filter((status) => status !== 200).length;
  }
  return lost;
}

async function untilTaken(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  for (;;) {
    const answer = await send(url, { headers });
    if (answer.status !== 429 && answer.status !== 503) return answer.status;
    const seconds = Number(answer.headers.get('retry-after') ?? 1);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}

function whoGotWhat({
  flooded,
  rate,
  seconds,
  beside,
}: {
  flooded: FloodOutcome;
  rate: number;
  seconds: number;
  beside: FloodOutcome;
}): Table {
  const { connectionsOpen, unsent, busy } = flooded;
  const { reads, searches } = OF_TWENTY;
  return {
    title: `${rate.toLocaleString('en-GB')} requests a second offered for ${seconds} s, ${TIMES} times what the gateway takes`,
    columns: [{ key: 'who', title: 'who asks' }, ...ANSWERS],
    rows: [
      {
        who: `hospital-system: reads, searches, creates (${reads} : ${searches} : 1)`,
        ...answersRow(flooded),
      },
      { who: 'lab-system, meanwhile: a few searches', ...answersRow(beside) },
    ],
    notes: [
      `Times count from when a request was due. Of the ${connectionsOpen.toLocaleString('en-GB')} connections, each waits for its answer before it sends again: ${unsent.toLocaleString('en-GB')} requests were due while all of them waited, and were not sent. The load's own process took ${Math.round(busy * 100)} % of a core.`,
    ],
  };
}

function itself({
  before,
  flooded,
  during,
  after,
}: {
  before: { load: Outcome; megabytes: number };
  flooded: FloodOutcome;
  during: Vitals;
  after: { load: Outcome; megabytes: number };
}): Table {
  const row = (load: Outcome) => ({
    perSecond: perSecond(load),
    p50: load.latency.p50,
    p99: load.latency.p99,
    ofBefore: perSecond(load) / perSecond(before.load),
  });
  return {
    title: 'The gateway before, in the flood and after',
    columns: [
      { key: 'when', title: 'the same requests' },
      { key: 'perSecond', title: 'done/s' },
      { key: 'ofBefore', title: 'of before', decimals: 2 },
      { key: 'p50', title: 'p50 ms', decimals: 1 },
      { key: 'p99', title: 'p99 ms', decimals: 1 },
      { key: 'megabytes', title: 'MB resident' },
      ...ASKED_MEANWHILE.map((path) => ({ key: path, title: `${path}, p99 ms` })),
      { key: 'failed', title: 'of these failed' },
    ],
    rows: [
      { when: `before, ${CONNECTIONS} connections`, ...row(before.load), megabytes: before.megabytes },
      {
        when: 'in the flood',
        ...row(flooded),
        megabytes: during.megabytes,
        ...during.p99,
        failed: during.failed,
      },
      { when: `after, ${CONNECTIONS} connections`, ...row(after.load), megabytes: after.megabytes },
    ],
    notes: [
      `Memory is what it has after the load, the most that it had in the flood, and what it has ${SETTLE} s after the last load.`,
    ],
  };
}

const kept = (created: number, lost: number): Table => ({
  title: 'What was written in the flood',
  columns: [
    { key: 'created', title: 'answered with 201' },
    { key: 'readBack', title: 'read back' },
    { key: 'lost', title: 'lost' },
  ],
  rows: [{ created, readBack: created - lost, lost }],
});
