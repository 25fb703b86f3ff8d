import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import { CommandSchemas, decodeCommands, QuerySchemas } from './api/index.ts';
import type { Command, Query } from './api/index.ts';
import { Refusal } from './refusal.ts';
import type { Stub } from './state/stub.ts';

const SEED_BYTES = 32;

const compile = (schemas: Readonly<Record<string, object>>): Map<string, ValidateFunction> =>
  // One instance a schema: several of them carry the same named one (Rule) inside.
  new Map(
    Object.entries(schemas).map(([name, schema]) => [name, new Ajv({ strict: false }).compile(schema)]),
  );

const commandChecks = compile(CommandSchemas);
const queryChecks = compile(QuerySchemas);

function named(value: unknown): string {
  const fn: unknown = typeof value === 'object' && value !== null && 'fn' in value ? value.fn : undefined;
  return typeof fn === 'string' ? fn : '';
}

/** Schemas can't say that contents are bytes. */
function contentsAreBytes(command: Command): boolean {
  const isBytes = (entry: { content: unknown }): boolean => entry.content instanceof Uint8Array;
  switch (command.fn) {
    case 'CreateMedicalRecord':
      return isBytes(command.entry) && (!command.consent || isBytes(command.consent.entry));
    case 'GrantAccess':
      return isBytes(command.consent.entry);
    case 'RevokeAccess':
      return !command.entry || isBytes(command.entry);
    case 'EditPrivacy':
      return isBytes(command.entry);
    case 'CreateAssets':
      return command.assets.every((asset) => asset.kind !== 'entry' || isBytes(asset.entry));
    case 'UpdateAsset':
      return command.asset.kind !== 'entry' || isBytes(command.asset.entry);
    case 'DeleteAsset':
      return true;
  }
}

/** A value of the command's schema, or undefined. */
export function checkCommand(value: unknown): Command | undefined {
  try {
    if (!commandChecks.get(named(value))?.(value)) return undefined;
    const command = value as Command;
    return contentsAreBytes(command) ? command : undefined;
  } catch {
    // Rules nested deeper than the stack.
    return undefined;
  }
}

export interface CommandInput {
  /** Each to be checked by `checkCommand`. */
  commands: readonly unknown[];
  seed: Uint8Array;
}

/**
 * The commands in the transaction's transient data: TOO_LARGE when their JSON and contents together have more than
 * `limit` bytes, BAD_REQUEST when they can't be read.
 */
export function readCommands(stub: Stub, limit: number): CommandInput {
  const transient = stub.getTransient();
  const commands = transient.get('commands');
  const contents = transient.get('contents') ?? new Uint8Array(0);
  const seed = transient.get('seed');
  if (!commands || seed?.length !== SEED_BYTES) throw new Refusal('BAD_REQUEST');
  const bytes = commands.length + contents.length;
  if (bytes > limit) throw new Refusal('TOO_LARGE');
  let list: unknown;
  try {
    list = decodeCommands({ commands, contents });
  } catch {
    throw new Refusal('BAD_REQUEST');
  }
  if (!Array.isArray(list) || list.length === 0) throw new Refusal('BAD_REQUEST');
  return { commands: list, seed };
}

/** The query in the transient data; BAD_REQUEST when it is none, or not `fn`'s. */
export function readQuery(stub: Stub, fn: Query['fn']): Query {
  try {
    const bytes = stub.getTransient().get('query');
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (named(value) === fn && queryChecks.get(fn)?.(value)) return value as Query;
  } catch {
    // Not JSON: the same answer.
  }
  throw new Refusal('BAD_REQUEST');
}
