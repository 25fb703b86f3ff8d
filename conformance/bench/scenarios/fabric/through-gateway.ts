import type { Bench } from '../../bench.ts';
import type { LoadRequest } from '../../load/job.ts';
import { systemName } from '../../servers/fabric-gateway.ts';
import type { FabricDriver } from '../../servers/fabric-driver.ts';
import { runFhirLoad } from '../../target/fhir-load.ts';
import type { Target } from '../../target/target.ts';
import { sampleOfGateway, type Sample } from './samples.ts';

export interface Shape {
  connections: number;
  identities: number;
}

/** Creates of Observations through a gateway on Fabric, end to end: warmed up, then some runs. */
export async function throughGateway(
  bench: Bench,
  target: Target,
  driver: FabricDriver,
  requests: readonly LoadRequest[],
  { connections, identities }: Shape,
): Promise<Sample[]> {
  const { runs = 3, seconds = 6, warmUp = 3 } = bench.options;
  bench.say(`through the gateway: ${connections} connections, ${identities} identities`);
  const clients = Array.from({ length: identities }, (_, number) => systemName(number));
  const load = (length: number) =>
    runFhirLoad(target, { kind: 'closed', connections, until: { seconds: length }, requests, clients });
  await load(warmUp);
  const samples: Sample[] = [];
  let { height } = await driver.batches(0);
  for (let run = 0; run < runs; run += 1) {
    const outcome = await load(seconds);
    const batches = await driver.batches(height);
    samples.push(sampleOfGateway(outcome, batches));
    height = batches.height;
  }
  return samples;
}
