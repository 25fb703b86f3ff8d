import type { Bench } from '../bench.ts';
import { alternate } from '../measurement/alternate.ts';
import type { LoadRequest } from '../load/job.ts';
import { loadColumns, loadRow, ratio } from '../report/load-rows.ts';
import type { Table } from '../report/table.ts';
import { startMirror } from '../servers/mirror.ts';
import { record } from '../servers/recording.ts';
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

/**
 * The gateway beside a bare Koa server that sends the same bytes and headers: for each number of connections both are
 * warmed up, then measured in turns.
 */
export async function againstBareKoa(
  bench: Bench,
  target: Target,
  { title, unit, requests }: Comparison,
): Promise<Table> {
  const { runs = 5, seconds = 8, warmUp = 5, connections = CONNECTIONS } = bench.options;
  const headers = { ...FHIR_HEADERS, Authorization: await authorization(target) };
  const distinct = new Map(requests.map((request) => [`${request.method} ${request.path}`, request]));
  const recordings = [];
  for (const request of distinct.values()) recordings.push(await record(target.origin, request, headers));
  const mirror = await startMirror(recordings);
  bench.atEnd(() => mirror.stop());

  const rows = [];
  for (const count of connections) {
    const load = (length: number) => ({
      kind: 'closed' as const,
      connections: count,
      until: { seconds: length },
      requests,
    });
    bench.say(`${unit}, ${count} connections: warming up`);
    await runFhirLoad(target, load(warmUp));
    await runFhirLoad(target, load(warmUp), mirror.origin);
    bench.say(`${runs} runs of ${seconds} s each`);
    const [gateway = [], koa = []] = await alternate(runs, [
      () => runFhirLoad(target, load(seconds)),
      () => runFhirLoad(target, load(seconds), mirror.origin),
    ]);
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
    notes: [`Median (least to most) of ${runs} runs of ${seconds} s, the servers in turns.`],
  };
}
