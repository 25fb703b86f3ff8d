import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ROOT, stopProcess } from './processes.ts';

/** What a stretch of blocks holds. `height`: where the next begins. */
export interface Batches {
  height: number;
  blocks: number;
  transactions: number;
  invalid: number;
  commands: number;
  mostCommands: number;
}

/** What a load without a gateway came to; times in milliseconds. */
export interface Measured {
  seconds: number;
  done: number;
  failed: Record<string, number>;
  p50: number;
  p99: number;
  batches: Batches;
}

export interface DriverLoad {
  do: 'single' | 'coalesced' | 'empty' | 'evaluate';
  adapter: 'fabric-gateway' | 'fabric-network';
  calls: number;
  seconds: number;
  identities?: number;
  patients?: number;
}

/** A process that speaks to a Fabric network without a gateway in between. */
export interface FabricDriver {
  load(order: DriverLoad): Promise<Measured>;
  /** What the blocks from a number on hold. */
  batches(from: number): Promise<Batches>;
  stop(): Promise<void>;
}

export function startFabricDriver(networkFolder: string): FabricDriver {
  const child = spawn(process.execPath, ['network/fabric/bench/driver.ts', networkFolder], {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ask = async (order: object): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(order)}\n`);
    const { value, done } = await answers.next();
    if (done) throw new Error('the driver of the Fabric network ended');
    return JSON.parse(value) as unknown;
  };
  return {
    load: async (order) => (await ask(order)) as Measured,
    batches: async (from) => (await ask({ do: 'batches', from })) as Batches,
    async stop() {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.stdin.end();
      const late = setTimeout(() => void stopProcess(child), 20_000);
      await ended;
      clearTimeout(late);
    },
  };
}
