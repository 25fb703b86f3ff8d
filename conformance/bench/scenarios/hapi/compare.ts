import type { Bench } from '../../bench.ts';
import type { Outcome } from '../../load/job.ts';
import { alternate } from '../../measurement/alternate.ts';
import { loadRow, ratio } from '../../report/load-rows.ts';
import type { Row } from '../../report/table.ts';
import { runFhirLoad } from '../../target/fhir-load.ts';
import type { Side } from './sides.ts';
import type { Work } from './work.ts';

const RUNS = 3;
const SECONDS = 8;
/** Java's compilers take longer than the gateway's. */
const WARM_UP = 15;

/** Has the gateway, the first of the sides, and its rivals do some work in turns: a row for each. */
export async function compare(bench: Bench, sides: readonly Side[], work: Work): Promise<Row[]> {
  const { runs = RUNS, seconds = SECONDS, warmUp = WARM_UP } = bench.options;
  bench.say(`${work.what}, ${work.connections} connections: warming up`);
  for (const side of sides) await run(side, work, warmUp);
  bench.say(`${runs} runs`);
  const [gateway = [], ...rivals] = await alternate(
    runs,
    sides.map((side) => () => run(side, work, seconds)),
  );
  const row = (name: string | undefined, outcomes: readonly Outcome[]): Row => ({
    what: work.what,
    connections: work.connections,
    server: name,
    ...loadRow(outcomes, work.each),
  });
  return [
    row(sides[0]?.name, gateway),
    ...rivals.map((rival, index) => ({
      ...row(sides[index + 1]?.name, rival),
      ratio: ratio(gateway, rival),
    })),
  ];
}

function run(side: Side, { connections, once, ...work }: Work, seconds: number): Promise<Outcome> {
  const requests = work.requests(side);
  const until = once ? { requests: requests.length } : { seconds };
  return runFhirLoad(side.target, {
    kind: 'closed',
    connections: once ? Math.min(connections, requests.length) : connections,
    until,
    requests,
  });
}

export const inTurns = ({ options: { runs = RUNS, seconds = SECONDS } }: Bench): string =>
  `Median (least to most) of ${runs} runs of ${seconds} s, the servers in turns.`;
