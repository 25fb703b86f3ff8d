import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Scenario } from '../bench.ts';
import { drawSendRates } from '../plot/send-rates.ts';

const REPORT = new URL('../RESULTS.md', import.meta.url);
const PLOT = new URL('../../../docs/send-rates.svg', import.meta.url);

/** No measurement: the README's plot, drawn from the report, so that the two agree. */
export const plot: Scenario = {
  about: "draws the README's plot from RESULTS.md; measures nothing",
  run(bench) {
    writeFileSync(PLOT, drawSendRates(readFileSync(REPORT, 'utf8')));
    bench.say(fileURLToPath(PLOT));
    return Promise.resolve([]);
  },
};
