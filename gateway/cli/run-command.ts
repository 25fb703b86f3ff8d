import { LedgerError } from '@fhir-fabric-gateway/chaincode/api';
import { WrongSecretError } from '@fhir-fabric-gateway/network';
import { ConfigError } from '../config.ts';
import { FhirError } from '../fhir/errors.ts';
import { readArguments, UsageError, type Arguments, type CommandOptions } from './arguments.ts';
import { CommandError, openOperator, type Operator } from './operator.ts';

/** A command, with the options that it knows. */
export interface Command extends CommandOptions {
  /** Judges what was typed before anything is opened. Throws a UsageError. */
  check?: (args: Arguments) => void;
  /** Answers the lines for standard output. */
  run(args: Arguments, operator: Operator): Promise<readonly string[]> | readonly string[];
}

/**
 * Runs the command that the arguments name, on the data folder, while the gateway is stopped. Ends with 0; with 1 and why
 * when it could not be done; with 2 and the usage when there is no such command.
 */
export async function runCommand(usage: string, commands: Readonly<Record<string, Command>>): Promise<void> {
  process.umask(0o077);
  const [name = '', ...rest] = process.argv.slice(2);
  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!command) throw new UsageError(name === '' ? 'Which command?' : `There is no command ${name}.`);
    const args = readArguments(rest, command);
    command.check?.(args);
    const operator = await openOperator(process.env);
    try {
      for (const line of await command.run(args, operator)) process.stdout.write(`${line}\n`);
    } finally {
      await operator.close();
    }
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    if (error instanceof UsageError) process.stderr.write(`${usage}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

const EXPECTED = [UsageError, CommandError, ConfigError, WrongSecretError];

function messageOf(error: unknown): string {
  if (error instanceof FhirError) return error.issues.map(({ diagnostics }) => diagnostics).join('\n');
  if (error instanceof LedgerError) return `The ledger refused it: ${error.code}.`;
  if (!(error instanceof Error)) return String(error);
  return EXPECTED.some((kind) => error instanceof kind) ? error.message : (error.stack ?? error.message);
}
