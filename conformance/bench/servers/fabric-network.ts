import { createServer } from 'node:net';
import { join } from 'node:path';
import { npmRun } from './npm.ts';

export interface FabricNetwork {
  folder: string;
  /** The hospital's connection file. */
  connection: string;
  stop(): Promise<void>;
}

/** A network takes so many ports from its base port on. */
const PORTS = 50;
/** Below the ports that systems hand out by themselves. */
const LOWEST = 16_000;
const HIGHEST = 32_000;

/**
 * Brings up a network of its own in a folder, with FABRIC_BIN's programs. `batchTimeout`: how long an orderer waits
 * before it cuts a block, as Fabric writes it; the network's own by default.
 */
export async function startFabricNetwork(folder: string, batchTimeout?: string): Promise<FabricNetwork> {
  const env = {
    FABRIC_DIR: folder,
    FABRIC_BASE_PORT: String(await freePorts()),
    ...(batchTimeout !== undefined && { FABRIC_BATCH_TIMEOUT: batchTimeout }),
  };
  const stop = async () => void (await npmRun('network:down', [], env));
  try {
    await npmRun('network:up', [], env);
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
  return { folder, connection: join(folder, 'connections', 'hospital.json'), stop };
}

/** The first of so many free ports in a row. */
async function freePorts(): Promise<number> {
  for (let base = LOWEST; base < HIGHEST; base += PORTS) {
    const free = await Promise.all(Array.from({ length: PORTS }, (_, at) => isFree(base + at)));
    if (free.every(Boolean)) return base;
  }
  throw new Error(`no ${PORTS} free ports in a row`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
