import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

/** What was typed is no command: its text says why. */
export class UsageError extends Error {}

/** The options that a command knows, by name. */
export interface CommandOptions {
  required?: readonly string[];
  optional?: readonly string[];
  /** May be given several times. */
  repeated?: readonly string[];
  /** Without a value. */
  flags?: readonly string[];
}

/** The options that were given. */
export interface Arguments {
  /** A required option. */
  text(name: string): string;
  optional(name: string): string | undefined;
  /** Every value of a repeated option, in order. */
  all(name: string): string[];
  flag(name: string): boolean;
}

/** Reads the options that follow a command's name. Throws a UsageError that names what is wrong. */
export function readArguments(argv: readonly string[], options: CommandOptions): Arguments {
  const { required = [], optional = [], repeated = [], flags = [] } = options;
  const config: ParseArgsOptionsConfig = Object.fromEntries([
    ...[...required, ...optional].map((name) => [name, { type: 'string' }] as const),
    ...repeated.map((name) => [name, { type: 'string', multiple: true }] as const),
    ...flags.map((name) => [name, { type: 'boolean' }] as const),
  ]);
  const values = parsed(argv, config);
  const all = (name: string): string[] =>
    [values[name] ?? []].flat().filter((value) => value !== true && value !== false);
  const [empty] = [...required, ...optional, ...repeated].filter((name) =>
    all(name).some((value) => value.trim() === ''),
  );
  if (empty !== undefined) throw new UsageError(`--${empty} is empty.`);
  const missing = required.filter((name) => all(name).length === 0);
  if (missing.length > 0) throw new UsageError(`${missing.map((name) => `--${name}`).join(', ')} missing.`);
  return {
    all,
    text: (name) => all(name)[0] ?? '',
    optional: (name) => all(name)[0],
    flag: (name) => values[name] === true,
  };
}

/** The value as one of those that are possible. Throws a UsageError that names them. */
export function oneOf<const T extends string>(name: string, value: string, possible: readonly T[]): T {
  const found = possible.find((one) => one === value);
  if (found === undefined) throw new UsageError(`--${name} is one of ${possible.join(', ')}.`);
  return found;
}

function parsed(argv: readonly string[], options: ParseArgsOptionsConfig) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
