import { Contract, type Context } from 'fabric-contract-api';
import { decodeCommands, type Command, type Query } from '@fhir-fabric-gateway/chaincode/api';

/** Calls of the chaincode API, as commands of a contract that does what it is told. */
export type Step =
  | { do: 'put'; key: string; value: string }
  /** Reads the key first, and fails with STALE unless it holds `was` ('' for absent). */
  | { do: 'change'; key: string; was?: string; value: string }
  /** Appends to what the key holds. */
  | { do: 'append'; key: string; value: string }
  | { do: 'delete'; key: string }
  | { do: 'purge'; key: string }
  | { do: 'putPublic'; key: string; value: string }
  | { do: 'fail'; code: string }
  | { do: 'throw'; message: string }
  | { do: 'random' }
  | { do: 'call'; method: string; args: string[] };

const COLLECTION = 'ehr';

/** A command or query of the notebook in the place of a real one; the ledger does not look into it. */
export function step(command: Step): Command {
  return command as unknown as Command;
}
export function read(key: string): Query {
  return { fn: 'QueryAsset', key } as unknown as Query;
}
export function range(start: string, end: string): Query {
  return { fn: 'QueryAllAssets', start, end } as unknown as Query;
}

type Overlay = Map<string, string>;

/** Runs a list of steps in one transaction, with the seams that the real contract has. */
export class Notebook extends Contract {
  async Commit(ctx: Context, mode: string): Promise<string> {
    const transient = ctx.stub.getTransient();
    const commands = transient.get('commands') ?? new Uint8Array();
    const contents = transient.get('contents') ?? new Uint8Array();
    if (transient.get('seed')?.length !== 32) throw new Error('no seed');
    const steps = decodeCommands({ commands, contents }) as Step[];
    const overlay: Overlay = new Map();
    const outcomes: string[] = [];
    for (const [index, one] of steps.entries()) {
      const outcome = await run(ctx, one, overlay);
      if (outcome !== 'OK' && mode === 'atomic') throw new Error(`${outcome}@${index}`);
      outcomes.push(outcome);
    }
    return JSON.stringify(outcomes);
  }

  async QueryAsset(ctx: Context): Promise<string> {
    const { key } = query(ctx);
    return JSON.stringify({ value: await text(ctx, key ?? ''), time: ctx.stub.getDateTimestamp().getTime() });
  }

  async QueryAllAssets(ctx: Context): Promise<string> {
    const { start, end } = query(ctx);
    const found: string[] = [];
    for await (const { key } of ctx.stub.getPrivateDataByRange(COLLECTION, start ?? '', end ?? ''))
      found.push(key);
    return JSON.stringify(found);
  }
}

function query(ctx: Context): { key?: string; start?: string; end?: string } {
  return JSON.parse(Buffer.from(ctx.stub.getTransient().get('query') ?? []).toString());
}

async function text(ctx: Context, key: string): Promise<string> {
  return Buffer.from(await ctx.stub.getPrivateData(COLLECTION, key)).toString();
}

async function put(ctx: Context, overlay: Overlay, key: string, value: string): Promise<void> {
  overlay.set(key, value);
  await ctx.stub.putPrivateData(COLLECTION, key, Buffer.from(value));
}

async function run(ctx: Context, one: Step, overlay: Overlay): Promise<string> {
  const { stub } = ctx;
  switch (one.do) {
    case 'put':
      await put(ctx, overlay, one.key, one.value);
      return 'OK';
    case 'append':
      await put(ctx, overlay, one.key, (overlay.get(one.key) ?? (await text(ctx, one.key))) + one.value);
      return 'OK';
    case 'change':
      if ((overlay.get(one.key) ?? (await text(ctx, one.key))) !== (one.was ?? '')) return 'STALE';
      await put(ctx, overlay, one.key, one.value);
      return 'OK';
    case 'delete':
      await stub.deletePrivateData(COLLECTION, one.key);
      return 'OK';
    case 'purge':
      await stub.purgePrivateData(COLLECTION, one.key);
      return 'OK';
    case 'putPublic':
      await stub.getState(one.key);
      await stub.putState(one.key, Buffer.from(one.value));
      return 'OK';
    case 'fail':
      return one.code;
    case 'throw':
      throw new Error(one.message);
    case 'random':
      await put(ctx, overlay, 'random', String(Math.random()));
      return 'OK';
    case 'call':
      await (stub as unknown as Record<string, (...args: string[]) => unknown>)[one.method]?.(...one.args);
      return 'OK';
  }
}
