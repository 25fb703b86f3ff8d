import type { Bench, Scenario } from '../../bench.ts';
import { UsageError } from '../../options.ts';
import type { Row, Table } from '../../report/table.ts';
import { startFabricDriver, type FabricDriver } from '../../servers/fabric-driver.ts';
import type { FabricNetwork } from '../../servers/fabric-network.ts';
import { observationCreates } from '../../target/creates.ts';
import { openRecords } from '../../target/records.ts';
import { adapters } from './adapters.ts';
import { commandsEach, spread, transactionsEach, type Sample } from './samples.ts';
import { throughGateway, type Shape } from './through-gateway.ts';
import { withoutGateway } from './without-gateway.ts';

const CONNECTIONS = [1, 8, 32, 64, 128];
/** Connections of the rows that vary identities: more than there are identities. */
const MANY = 128;

/** Creates through a gateway on a real network, beside what the network does without: single submits and empty ones. */
export const fabric: Scenario = {
  about: 'creates on real Fabric beside single and empty submits, and both client libraries (FABRIC_BIN)',
  async run(bench) {
    const { network, driver } = await networkWithDriver(bench);
    return [await creates(bench, network, driver), await adapters(bench, driver)];
  },
};

/** The second half of it alone. */
export const adaptersAlone: Scenario = {
  about: 'both client libraries on real Fabric, without a gateway (FABRIC_BIN)',
  run: async (bench) => [await adapters(bench, (await networkWithDriver(bench)).driver)],
};

async function networkWithDriver(bench: Bench): Promise<{ network: FabricNetwork; driver: FabricDriver }> {
  if (process.env['FABRIC_BIN'] === undefined)
    throw new UsageError('FABRIC_BIN must name the folder of Fabric’s programs.');
  const network = await bench.fabricNetwork();
  const driver = startFabricDriver(network.folder);
  bench.atEnd(() => driver.stop());
  return { network, driver };
}

async function creates(bench: Bench, network: FabricNetwork, driver: FabricDriver): Promise<Table> {
  const { connections = CONNECTIONS, identities } = bench.options;
  const most = Math.max(...connections, MANY);
  const shapes: Shape[] = [
    ...connections.map((count) => ({ connections: count, identities: 1 })),
    ...identities.filter((count) => count > 1).map((count) => ({ connections: most, identities: count })),
  ];
  // The gateway first, and then, without it: it would project what the others write.
  const ours = await bench.part(async (part) => {
    const target = await part.fabricGateway(network, Math.max(...identities));
    part.say('opening records');
    const requests = observationCreates(target, await openRecords(target, part.options.patients));
    const all: Sample[][] = [];
    for (const shape of shapes) all.push(await throughGateway(part, target, driver, requests, shape));
    return all;
  });
  const rows: Row[] = [];
  const singles: Sample[][] = [];
  for (const [index, { connections: calls, identities: writers }] of shapes.entries()) {
    const common = { adapter: 'fabric-gateway', calls, identities: writers } as const;
    const { single, empty } = await withoutGateway(bench, driver, {
      single: { do: 'single', ...common },
      empty: { do: 'empty', ...common },
    });
    singles.push(single);
    rows.push({ identities: writers, calls, ...compared(ours[index] ?? [], single, empty) });
  }
  return {
    title: 'Creates of Observations on Fabric, two endorsing organisations',
    columns: [
      { key: 'identities', title: 'identities' },
      { key: 'calls', title: 'at a time' },
      { key: 'creates', title: 'FHIR creates/s' },
      { key: 'p50', title: 'p50 ms' },
      { key: 'p99', title: 'p99 ms' },
      { key: 'commands', title: 'commands a transaction', decimals: 1 },
      { key: 'transactions', title: 'transactions a block', decimals: 1 },
      { key: 'failed', title: 'failed' },
      { key: 'single', title: 'single submits/s' },
      { key: 'singleP50', title: 'their p50 ms' },
      { key: 'singleP99', title: 'p99 ms' },
      { key: 'singleTransactions', title: 'transactions a block', decimals: 1 },
      { key: 'empty', title: 'empty submits/s' },
      { key: 'ratio', title: 'creates to single submits', decimals: 1 },
    ],
    rows,
    notes: [
      'FHIR creates go through the gateway (HTTP, token, validation, consent, ledger, index, audit) to one of 100 records by default. Single submits write the same entries with the same client library, a transaction each, and nothing else; empty ones write nothing. The ratio is of medians.',
      `The most creates a second are ${(best(ours) / best(singles)).toFixed(1)} times the most single submits a second.`,
    ],
  };
}

const best = (all: readonly (readonly Sample[])[]): number =>
  Math.max(...all.map((samples) => rateOf(samples).median));

const rateOf = (samples: readonly Sample[]) => spread(samples, ({ perSecond }) => perSecond);

function compared(ours: readonly Sample[], single: readonly Sample[], empty: readonly Sample[]): Row {
  return {
    creates: rateOf(ours),
    p50: spread(ours, ({ p50 }) => p50),
    p99: spread(ours, ({ p99 }) => p99),
    commands: commandsEach(ours),
    transactions: transactionsEach(ours),
    failed: [ours, single, empty].flat().reduce((sum, { failed }) => sum + failed, 0),
    single: rateOf(single),
    singleP50: spread(single, ({ p50 }) => p50),
    singleP99: spread(single, ({ p99 }) => p99),
    singleTransactions: transactionsEach(single),
    empty: rateOf(empty),
    ratio: rateOf(ours).median / rateOf(single).median,
  };
}
