/** What a measurement came to; times in milliseconds. */
export interface Measured {
  /** From the first call to the last answer. */
  seconds: number;
  done: number;
  /** Calls that were refused, by code. */
  failed: Record<string, number>;
  p50: number;
  p99: number;
  max: number;
}

/** Makes `calls` calls at a time, each followed by the next, until the seconds are over, and waits for the last. */
export async function load(
  call: (number: number) => Promise<unknown>,
  calls: number,
  seconds: number,
): Promise<Measured> {
  const start = performance.now();
  const times: number[] = [];
  const failed: Record<string, number> = {};
  let made = 0;
  await Promise.all(
    Array.from({ length: calls }, async () => {
      while (performance.now() < start + seconds * 1000) {
        const begun = performance.now();
        try {
          await call(made++);
          times.push(performance.now() - begun);
        } catch (error) {
          const code = error instanceof Error ? error.message : String(error);
          failed[code] = (failed[code] ?? 0) + 1;
        }
      }
    }),
  );
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.max(0, Math.ceil(times.length * share) - 1)] ?? Number.NaN;
  return {
    seconds: (performance.now() - start) / 1000,
    done: times.length,
    failed,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  };
}
