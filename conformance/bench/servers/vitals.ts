import { send } from '../../clients/answer.ts';
import { percentile } from '../measurement/spread.ts';

/** What a server says of itself while it is watched. */
export interface Vitals {
  /** Milliseconds that an answer to each path took at the 99th percentile, sorted by path; NaN without answers. */
  p99: Readonly<Record<string, number>>;
  /** Answers that were no success, or did not come. */
  failed: number;
  /** The most resident memory that it had, in megabytes, as its `/metrics` say. */
  megabytes: number;
}

/** Milliseconds between two looks. */
const EVERY = 250;

/** Asks a server for each path again and again, and for its memory, until `stop`. */
export function watchVitals(origin: string, paths: readonly string[]): { stop(): Promise<Vitals> } {
  const times = new Map(paths.map((path) => [path, [] as number[]]));
  const done = new AbortController();
  let failed = 0;
  let megabytes = 0;
  const ask = async (path: string): Promise<void> => {
    const begun = performance.now();
    const answer = await send(origin + path).catch(() => undefined);
    if (answer?.status !== 200) failed += 1;
    else times.get(path)?.push(performance.now() - begun);
  };
  const watching = (async () => {
    while (!done.signal.aborted) {
      const look = Promise.all(paths.map(ask));
      const now = await residentMegabytes(origin).catch(() => undefined);
      if (now === undefined) failed += 1;
      else megabytes = Math.max(megabytes, now);
      await look;
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
  })();
  return {
    async stop() {
      done.abort();
      await watching;
      const p99 = [...times].map(([path, all]) => [
        path,
        percentile(
          all.sort((a, b) => a - b),
          0.99,
        ),
      ]);
      return { p99: Object.fromEntries(p99) as Record<string, number>, failed, megabytes };
    },
  };
}

/** The server's resident memory now. Rejects when its `/metrics` do not say it. */
export const residentMegabytes = async (origin: string): Promise<number> =>
  (await metric(origin, 'process_resident_memory_bytes')) / 2 ** 20;

/** When the server's process began, in seconds since 1970: another than before is another process. */
export const startOf = (origin: string): Promise<number> => metric(origin, 'process_start_time_seconds');

/** Seconds of processor time that the server took since it began, all of its threads together. */
export const cpuSeconds = (origin: string): Promise<number> => metric(origin, 'process_cpu_seconds_total');

async function metric(origin: string, name: string): Promise<number> {
  const { text } = await send(`${origin}/metrics`);
  const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
  if (value === undefined) throw new Error(`/metrics has no ${name}`);
  return Number(value);
}
