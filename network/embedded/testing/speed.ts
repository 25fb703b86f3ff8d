/**
 * How many single commands a second one identity gets done, on the project's contract: each creates an Observation of
 * 1.5 kB in one patient's record. `node speed.ts [callers] [seconds]`
 */
import { create, entry, openHospital } from './hospital.ts';
import { Scene } from './scene.ts';

const callers = Number(process.argv[2] ?? 32);
const seconds = Number(process.argv[3] ?? 5);
const scene = new Scene();
const { ledger, system } = await openHospital(scene);
const before = await ledger.height();
const start = performance.now();
let done = 0;

async function caller(name: number): Promise<void> {
  const content = 'x'.repeat(1500);
  for (let n = 0; performance.now() < start + seconds * 1000; n += 1) {
    await ledger.submit(system, [create(entry('Observation', `${name}-${n}`, 'vitals', content))]);
    done += 1;
  }
}
await Promise.all(Array.from({ length: callers }, (_, name) => caller(name)));
const elapsed = (performance.now() - start) / 1000;
const blocks = (await ledger.height()) - before;
process.stdout.write(
  `${Math.round(done / elapsed)} commands/s, ${callers} callers, ${(done / blocks).toFixed(1)} commands a block\n`,
);
await scene.remove();
