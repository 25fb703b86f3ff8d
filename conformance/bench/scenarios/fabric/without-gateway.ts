import type { Bench } from '../../bench.ts';
import { alternate } from '../../measurement/alternate.ts';
import type { DriverLoad, FabricDriver } from '../../servers/fabric-driver.ts';
import { sampleOfDriver, type Sample } from './samples.ts';

/** Loads of a Fabric network without a gateway: each warmed up, then some runs in turns. */
export async function withoutGateway<K extends string>(
  bench: Bench,
  driver: FabricDriver,
  loads: Readonly<Record<K, Omit<DriverLoad, 'seconds'>>>,
): Promise<Record<K, Sample[]>> {
  const { runs = 3, seconds = 6, warmUp = 3, patients } = bench.options;
  const names = Object.keys(loads) as K[];
  bench.say(`without a gateway: ${names.join(', ')}, ${loads[names[0] as K].calls} calls at a time`);
  for (const name of names) await driver.load({ patients, ...loads[name], seconds: warmUp });
  const samples = await alternate(
    runs,
    names.map((name) => async () => sampleOfDriver(await driver.load({ patients, ...loads[name], seconds }))),
  );
  return Object.fromEntries(names.map((name, index) => [name, samples[index] ?? []])) as Record<K, Sample[]>;
}
