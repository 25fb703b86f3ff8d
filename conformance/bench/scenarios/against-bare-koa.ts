import type { Bench } from '../bench.ts';
import { alternate } from '../measurement/alternate.ts';
import type { LoadRequest, Outcome } from '../load/job.ts';
import { loadColumns, loadRow, ratio } from '../report/load-rows.ts';
import type { Table } from '../report/table.ts';
import { startMirror } from '../servers/mirror.ts';
import { record, type Recording } from '../servers/recording.ts';
import { runFhirLoad } from '../target/fhir-load.ts';
import { authorization, FHIR_HEADERS, type Target } from '../target/target.ts';

export interface Comparison {
  title: string;
  /** What is counted: `reads`. */
  unit: string;
  requests: readonly LoadRequest[];
}

/** Connections of the load, unless others are asked for. */
const CONNECTIONS = [32];
const RUNS = 5;
const SECONDS = 8;

/** The gateway beside a bare Koa server that sends the same bytes and headers, a row for each number of connections. */
export async function againstBareKoa(
  bench: Bench,
  target: Target,
  { title, unit, requests }: Comparison,
): Promise<Table> {
  const { connections = CONNECTIONS } = bench.options;
  const rows = [];
  for (const count of connections) {
    const { gateway, koa } = await measureBoth(bench, target, { unit, requests, connections: count });
    rows.push(
      { server: 'gateway', connections: count, ...loadRow(gateway), ratio: ratio(gateway, koa) },
      { server: 'bare Koa', connections: count, ...loadRow(koa) },
    );
  }
  return {
    title,
    columns: [
      { key: 'server', title: 'server' },
      { key: 'connections', title: 'connections' },
      ...loadColumns(unit),
      { key: 'ratio', title: 'of bare Koa', decimals: 2 },
    ],
    rows,
    notes: [inTurns(bench)],
  };
}

export const inTurns = ({ options: { runs = RUNS, seconds = SECONDS } }: Bench): string =>
  `Median (least to most) of ${runs} runs of ${seconds} s, the servers in turns.`;

/** What both came to, run by run, after a warm-up. */
export async function measureBoth(
  bench: Bench,
  target: Target,
  { unit, requests, connections }: Omit<Comparison, 'title'> & { connections: number },
): Promise<{ gateway: Outcome[]; koa: Outcome[] }> {
  const { runs = RUNS, seconds = SECONDS, warmUp = 5 } = bench.options;
  const headers = { ...FHIR_HEADERS, Authorization: await authorization(target) };
  const distinct = new Map(requests.map((request) => [`${request.method} ${request.path}`, request]));
  const recordings: Recording[] = [];
  for (const request of distinct.values()) recordings.push(await record(target.origin, request, headers));
  return bench.part(async (part) => {
    const mirror = await startMirror(recordings);
    part.atEnd(() => mirror.stop());
    const load = (length: number) => ({
      kind: 'closed' as const,
      connections,
      until: { seconds: length },
      requests,
    });
    bench.say(`${unit}, ${connections} connections: warming up`);
    await runFhirLoad(target, load(warmUp));
    await runFhirLoad(target, load(warmUp), mirror.origin);
    bench.say(`${runs} runs of ${seconds} s each`);
    const [gateway = [], koa = []] = await alternate(runs, [
      () => runFhirLoad(target, load(seconds)),
      () => runFhirLoad(target, load(seconds), mirror.origin),
    ]);
    return { gateway, koa };
  });
}
