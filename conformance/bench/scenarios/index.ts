import type { Scenario } from '../bench.ts';
import { bundle } from './bundle.ts';
import { create } from './create.ts';
import { adaptersAlone as adapters, fabric } from './fabric/fabric.ts';
import { latency } from './latency.ts';
import { read } from './read.ts';
import { thesis } from './thesis.ts';

/** The benchmarks by name. */
export const SCENARIOS: ReadonlyMap<string, Scenario> = new Map(
  Object.entries({ read, create, bundle, thesis, latency, fabric, adapters }),
);
