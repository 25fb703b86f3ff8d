/**
 * Takes each measurement `runs` times, one after the other and not one's runs before the other's: whatever changes on
 * the machine meanwhile meets them all. Answers each one's results in the order of the runs.
 */
export async function alternate<T>(runs: number, measures: readonly (() => Promise<T>)[]): Promise<T[][]> {
  const results: T[][] = measures.map(() => []);
  for (let run = 0; run < runs; run += 1) {
    for (const [index, measure] of measures.entries()) results[index]?.push(await measure());
  }
  return results;
}
