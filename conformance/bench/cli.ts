import { Bench, type Scenario } from './bench.ts';
import { OPTIONS_USAGE, readOptions, UsageError, type Options } from './options.ts';
import { formatMachine, thisMachine, type Machine } from './report/machine.ts';
import { formatTable, type Table } from './report/table.ts';
import { SCENARIOS } from './scenarios/index.ts';

const USAGE = `usage: npm run bench -- <name>... [options]
${[...SCENARIOS].map(([name, { about }]) => `  ${name.padEnd(9)}${about}`).join('\n')}
options:
${OPTIONS_USAGE}`;

/** `npm run bench`: measures, and prints tables for people, or JSON lines. Exit 2: usage. */
async function main(options: Options): Promise<void> {
  const scenarios = options.names.map((name) => [name, scenarioOf(name)] as const);
  if (options.profile && options.url !== undefined)
    throw new UsageError('--profile: only of a server that the benchmark starts itself.');
  const machine = thisMachine(new Date(), process.env['FABRIC_BIN']);
  if (!options.json) process.stdout.write(`${formatMachine(machine)}\n\n`);
  for (const [name, scenario] of scenarios) {
    const tables = await run(new Bench(name, options), scenario);
    process.stdout.write(options.json ? lines(name, tables, machine) : tables.map(formatTable).join('\n'));
  }
}

function scenarioOf(name: string): Scenario {
  const scenario = SCENARIOS.get(name);
  if (!scenario) throw new UsageError(`There is no benchmark ${name}.`);
  return scenario;
}

/** Nothing that a benchmark started is left, however it ends. */
async function run(bench: Bench, scenario: Scenario): Promise<Table[]> {
  let ending: Promise<void> | undefined;
  // A terminal may send it more than once: what was begun is finished all the same.
  const interrupted = () => {
    ending ??= bench.end().finally(() => process.exit(130));
  };
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  try {
    return await scenario.run(bench);
  } finally {
    await (ending ?? bench.end());
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
}

const lines = (benchmark: string, tables: readonly Table[], machine: Machine): string =>
  tables
    .flatMap(({ title, rows }) =>
      rows.map((row) => `${JSON.stringify({ benchmark, table: title, ...row, machine })}\n`),
    )
    .join('');

try {
  await main(readOptions(process.argv.slice(2), process.env));
} catch (error) {
  if (error instanceof UsageError) process.stderr.write(`${error.message}\n${USAGE}\n`);
  else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
