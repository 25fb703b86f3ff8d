import type { Bench } from '../bench.ts';
import { fillRecords, openRecords } from '../target/records.ts';
import type { Target } from '../target/target.ts';

/** The gateway under measurement, with new records of `each` Observations; their Patients' and Observations' ids. */
export async function filledGateway(
  bench: Bench,
  each: number,
): Promise<{ target: Target; patients: string[]; ids: string[] }> {
  const target = await bench.gateway();
  bench.say('filling records');
  const patients = await openRecords(target, bench.options.patients);
  return { target, patients, ids: await fillRecords(target, patients, each) };
}
