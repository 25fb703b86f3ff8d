import type { Bench, Scenario } from '../bench.ts';
import { failures, perSecond, type Outcome } from '../load/job.ts';
import { spreadOf } from '../measurement/spread.ts';
import type { Row, Table } from '../report/table.ts';
import { observationCreates } from '../target/creates.ts';
import { runFhirLoad } from '../target/fhir-load.ts';
import { openRecords } from '../target/records.ts';
import type { Target } from '../target/target.ts';

/** What the thesis measured by send rate: TPS of its ledger and of its central server. */
const MEASURED: Readonly<Record<number, { ledger: number; server: number }>> = {
  100: { ledger: 100, server: 99 },
  500: { ledger: 162, server: 100 },
  1000: { ledger: 162, server: 91 },
  2000: { ledger: 163, server: 70 },
  3000: { ledger: 163, server: 37 },
};

/** The thesis's table of send rates. */
export const thesis: Scenario = {
  about:
    "the thesis's table: transactions offered at 100 to 3,000 a second, whether or not they are answered",
  async run(bench) {
    const tables = [
      await bench.part(async (part) => sendRates(part, await part.gateway(), 'the embedded ledger')),
    ];
    if (bench.options.url === undefined && process.env['FABRIC_BIN'] !== undefined)
      tables.push(
        await bench.part(async (part) =>
          sendRates(part, await part.fabricGateway(await part.fabricNetwork()), 'Fabric'),
        ),
      );
    return tables;
  },
};

/** Offers creates of Observations to a gateway at each send rate, and waits for every answer before the next. */
async function sendRates(bench: Bench, target: Target, ledger: string): Promise<Table> {
  const { runs = 3, warmUp = 5, rates, transactions } = bench.options;
  bench.say('opening records');
  const requests = observationCreates(target, await openRecords(target, bench.options.patients));
  bench.say('warming up');
  await runFhirLoad(target, { kind: 'closed', connections: 32, until: { seconds: warmUp }, requests });
  const rows: Row[] = [];
  for (const rate of rates) {
    bench.say(`${rate}/s offered, ${runs} runs of ${transactions}`);
    const outcomes: Outcome[] = [];
    for (let run = 0; run < runs; run += 1)
      outcomes.push(await runFhirLoad(target, { kind: 'open', rate, amount: transactions, requests }));
    rows.push(rateRow(rate, outcomes));
  }
  return {
    title: `The thesis's send rates, creates of Observations on ${bench.options.url ?? ledger}`,
    columns: [
      { key: 'offered', title: 'offered/s' },
      { key: 'sent', title: 'sent/s' },
      { key: 'success', title: 'success %', decimals: 1 },
      { key: 'tps', title: 'TPS' },
      { key: 'mean', title: 'latency s, mean', decimals: 2 },
      { key: 'p50', title: 'p50 s', decimals: 2 },
      { key: 'p99', title: 'p99 s', decimals: 2 },
      { key: 'thesisLedger', title: "TPS of the thesis's ledger" },
      { key: 'thesisServer', title: 'of its central server' },
    ],
    rows,
    notes: [
      `Median (least to most) of ${runs} runs of ${transactions} transactions. A latency counts from when the request was due. Of what is offered beyond what it takes, as much waits as can be done in about a second; the rest is refused (503 with Retry-After), and not sent again. The thesis measured on 4 CPUs and 8 GB with Fabric 2.2.`,
    ],
  };
}

function rateRow(rate: number, outcomes: readonly Outcome[]): Row {
  const spread = (value: (outcome: Outcome) => number) => spreadOf(outcomes.map(value));
  const measured = MEASURED[rate];
  return {
    offered: rate,
    sent: spread((outcome) => (outcome.succeeded + failures(outcome)) / outcome.sendSeconds),
    success: spread((outcome) => (outcome.succeeded * 100) / (outcome.succeeded + failures(outcome))),
    tps: spread(perSecond),
    mean: spread(({ latency }) => latency.mean / 1000),
    p50: spread(({ latency }) => latency.p50 / 1000),
    p99: spread(({ latency }) => latency.p99 / 1000),
    ...(measured && { thesisLedger: measured.ledger, thesisServer: measured.server }),
  };
}
