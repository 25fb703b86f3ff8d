import { parseArgs, type ParseArgsConfig } from 'node:util';

/** Wrong arguments; exit 2. */
export class UsageError extends Error {}

/** Arguments of a command by `options`; throws a UsageError with the usage. */
export function readArguments<T extends NonNullable<ParseArgsConfig['options']>>(
  usage: string,
  options: T,
  positionals = 0,
) {
  try {
    const read = parseArgs({ options, allowPositionals: positionals > 0, strict: true });
    if (read.positionals.length === positionals) return read;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\nusage: ${usage}`);
  }
  throw new UsageError(`usage: ${usage}`);
}

/** Runs a command and sets the exit status: 0, 1 when it could not be done, 2 when it was called wrongly. */
export async function runCommand(command: () => Promise<number | undefined>): Promise<void> {
  try {
    process.exitCode = (await command()) ?? 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
