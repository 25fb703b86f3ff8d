/** Started by a test, which kills it: writes without end and prints the number of each write that was answered. */
import { Scene } from './scene.ts';
import { step } from './notebook.ts';

const scene = new Scene(process.argv[2]);
const from = Number(process.argv[3]);
const people = (await (await scene.wallet()).list()).slice(0, 4);
const ledger = await scene.open();
let next = from;

async function write(): Promise<void> {
  for (;;) {
    const n = next++;
    const who = people[n % people.length];
    if (!who) throw new Error('the wallet is empty');
    // Every third is one transaction of two writes, which must be there both or not at all.
    const steps = [step({ do: 'put', key: `n/${n}`, value: String(n) })];
    if (n % 3 === 0) steps.push(step({ do: 'put', key: `twin/${n}`, value: String(n) }));
    const { txId } = await ledger.submit(who, steps);
    process.stdout.write(`${n} ${txId}\n`);
  }
}
await Promise.all(Array.from({ length: 32 }, write));
