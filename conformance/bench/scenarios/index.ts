import type { Scenario } from '../bench.ts';
import { bundle } from './bundle.ts';
import { create } from './create.ts';
import { adaptersAlone as adapters, fabric } from './fabric/fabric.ts';
import { growth } from './growth/growth.ts';
import { hapi } from './hapi/hapi.ts';
import { latency } from './latency.ts';
import { mixed } from './mixed.ts';
import { overload } from './overload.ts';
import { plot } from './plot.ts';
import { read } from './read.ts';
import { search } from './search.ts';
import { size } from './size.ts';
import { start } from './start.ts';
import { thesis } from './thesis.ts';

/** The benchmarks by name. */
export const SCENARIOS: ReadonlyMap<string, Scenario> = new Map(
  Object.entries({
    read,
    create,
    bundle,
    search,
    mixed,
    start,
    thesis,
    size,
    growth,
    hapi,
    latency,
    overload,
    fabric,
    adapters,
    plot,
  }),
);
