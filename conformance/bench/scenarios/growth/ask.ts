import { send } from '../../../clients/answer.ts';
import type { Bundle } from '../../../clients/resource.ts';
import type { Bench } from '../../bench.ts';
import { failures, type Outcome } from '../../load/job.ts';
import { cpuSeconds } from '../../servers/vitals.ts';
import { runFhirLoad } from '../../target/fhir-load.ts';
import { fhirHeaders, type Target } from '../../target/target.ts';
import type { Question } from './questions.ts';

const CONNECTIONS = 4;
const RUNS = 3;
const SECONDS = 3;
const WARM_UP = 1;
/** Answers in which the resources are counted. */
const COUNTED = 10;

/** What a question came to. */
export interface Answered {
  question: Question;
  outcomes: Outcome[];
  /** Milliseconds of processor time that the gateway took for a request, in each run: what else the machine does is not in it. */
  cpu: number[];
  /** Resources in an answer, on average; undefined for what is no search. */
  found: number | undefined;
}

/** Asks a question for some seconds, several times. Throws when an answer is no success. */
export async function ask(bench: Bench, target: Target, question: Question): Promise<Answered> {
  const { runs = RUNS, seconds = SECONDS, warmUp = WARM_UP, connections = [CONNECTIONS] } = bench.options;
  const { what, requests } = question;
  bench.say(what);
  const load = { kind: 'closed', connections: Math.max(...connections), requests } as const;
  await runFhirLoad(target, { ...load, until: { seconds: warmUp } });
  const answered: Answered = { question, outcomes: [], cpu: [], found: await foundBy(target, question) };
  for (let run = 0; run < runs; run += 1) {
    const before = await cpuSeconds(target.origin);
    const outcome = await runFhirLoad(target, { ...load, until: { seconds } });
    if (failures(outcome) > 0) throw new Error(`${what}: ${JSON.stringify(outcome.statuses)}`);
    answered.outcomes.push(outcome);
    answered.cpu.push((((await cpuSeconds(target.origin)) - before) * 1000) / outcome.succeeded);
  }
  return answered;
}

async function foundBy(target: Target, { requests }: Question): Promise<number | undefined> {
  const [first] = requests;
  if (first === undefined || first.method === 'POST' || !/[?$]/.test(first.path)) return undefined;
  const headers = await fhirHeaders(target);
  const step = Math.max(1, Math.floor(requests.length / COUNTED));
  const some = requests.filter((_, at) => at % step === 0);
  let found = 0;
  for (const { path } of some) {
    const { text } = await send(target.origin + path, { headers });
    found += (JSON.parse(text) as Bundle).entry?.length ?? 0;
  }
  return found / some.length;
}
