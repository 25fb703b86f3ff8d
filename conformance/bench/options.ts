import { parseArgs } from 'node:util';

/** What was asked for on the command line. What is undefined a benchmark chooses itself. */
export interface Options {
  /** Benchmarks, in order. */
  names: readonly string[];
  json: boolean;
  profile: boolean;
  runs: number | undefined;
  /** Seconds that a run lasts, and that the warm-up before the first lasts. */
  seconds: number | undefined;
  warmUp: number | undefined;
  connections: readonly number[] | undefined;
  /** Records that writes spread over. */
  patients: number;
  /** Requests a second that the thesis's table offers, and requests of each of its rows. */
  rates: readonly number[];
  transactions: number;
  /** Observations that a ledger grows to, in order. */
  sizes: readonly number[];
  /** A folder whose ledger grows, and stays. */
  keep: string | undefined;
  /** Identities that write, of the table that varies them. */
  identities: readonly number[];
  /** Batch timeouts of the orderer, as Fabric writes them. */
  batchTimeouts: readonly string[];
  /** A server that runs already, and the folder with its systems' keys. */
  url: string | undefined;
  dataDir: string;
}

export class UsageError extends Error {}

export const OPTIONS_USAGE = `  --json               JSON lines instead of tables
  --profile            CPU profiles of the server that is measured, and where they are
  --runs N             runs of each measurement
  --seconds N          seconds a run
  --warm-up N          seconds before the first run
  --connections N,...  connections of the load
  --patients N         records that writes spread over (100)
  --url URL            a gateway that runs already, instead of starting one
  --data-dir FOLDER    its DATA_DIR, where its systems' keys are (default: DATA_DIR, else .data/demo)
  thesis:  --rates 100,500,1000,2000,3000   --transactions 5000
  growth:  --sizes 10000,100000,1000000   --keep FOLDER (fills there, goes on from what is there, and leaves it)
  fabric:  --identities 1,8,64
  latency: --batch-timeouts 2s,500ms,200ms,100ms,50ms,20ms,10ms`;

/** Reads the command line's arguments. Throws a UsageError. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): Options {
  const { values, positionals: names } = parse(args);
  if (names.length === 0) throw new UsageError('Name a benchmark.');
  const optional = (text: string | undefined, option: string) =>
    text === undefined ? undefined : number(text, option);
  return {
    names,
    json: values.json,
    profile: values.profile,
    runs: optional(values.runs, 'runs'),
    seconds: optional(values.seconds, 'seconds'),
    warmUp: optional(values['warm-up'], 'warm-up'),
    connections: values.connections === undefined ? undefined : numbers(values.connections, 'connections'),
    patients: number(values.patients, 'patients'),
    rates: numbers(values.rates, 'rates'),
    transactions: number(values.transactions, 'transactions'),
    sizes: numbers(values.sizes, 'sizes').sort((a, b) => a - b),
    keep: values.keep,
    identities: numbers(values.identities, 'identities'),
    batchTimeouts: values['batch-timeouts'].split(','),
    url: values.url,
    dataDir: values['data-dir'] ?? env['DATA_DIR'] ?? '.data/demo',
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: flag,
        profile: flag,
        runs: text,
        seconds: text,
        'warm-up': text,
        connections: text,
        patients: { ...text, default: '100' },
        rates: { ...text, default: '100,500,1000,2000,3000' },
        transactions: { ...text, default: '5000' },
        sizes: { ...text, default: '10000,100000,1000000' },
        keep: text,
        identities: { ...text, default: '1,8,64' },
        'batch-timeouts': { ...text, default: '2s,500ms,200ms,100ms,50ms,20ms,10ms' },
        url: text,
        'data-dir': text,
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

const numbers = (text: string, option: string): number[] => text.split(',').map((one) => number(one, option));

function number(text: string, option: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new UsageError(`--${option}: ${text} is no whole number from 1.`);
  return value;
}
