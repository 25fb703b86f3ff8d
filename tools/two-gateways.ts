import { join, resolve } from 'node:path';
import { startPostgres } from '../gateway/testing/postgres.ts';
import { takeDown } from '../network/fabric/network/down.ts';
import { startNetwork } from '../network/fabric/network/start.ts';
import { freeBasePort } from '../network/fabric/testing/ports.ts';
import { startDemo, type RunningDemo } from './start-demo.ts';

/** A hospital's gateway and a lab's, as two processes on one Fabric network. */
export interface TwoGateways {
  /** What the journey is told: BASE_URL, DATA_DIR, LAB_BASE_URL, LAB_DATA_DIR. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

/**
 * Starts a network with the programs of the folder `bin`, a demo of the hospital with its index in SQLite, and one of the
 * lab with its index in a PostgreSQL of its own. Everything is in `folder`. Rejects when one of them does not come up.
 */
export async function startTwoGateways(bin: string, folder: string): Promise<TwoGateways> {
  const closers: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const root = join(folder, 'network');
    closers.push(async () => void (await takeDown(root)));
    const { network } = await startNetwork({
      ...{ root, bin: resolve(bin), basePort: await freeBasePort() },
      tell: () => undefined,
    });
    const ledgerOf = (organisation: string) => join(network.folders.connections, `${organisation}.json`);
    const postgres = await startPostgres();
    closers.push(() => postgres.stop());
    const indexUrl = await postgres.database();
    const [hospital, lab] = await bothOf(
      startDemo(join(folder, 'hospital'), { LEDGER: ledgerOf('hospital') }),
      startDemo(join(folder, 'lab'), { LEDGER: ledgerOf('lab'), INDEX_URL: indexUrl }),
    );
    closers.push(
      () => hospital.stop(),
      () => lab.stop(),
    );
    return {
      env: {
        ...{ BASE_URL: hospital.baseUrl, DATA_DIR: hospital.dataDir },
        ...{ LAB_BASE_URL: lab.baseUrl, LAB_DATA_DIR: lab.dataDir },
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Both demos; when one does not come up, the other is stopped. */
async function bothOf(
  ...starting: [Promise<RunningDemo>, Promise<RunningDemo>]
): Promise<[RunningDemo, RunningDemo]> {
  try {
    return await Promise.all(starting);
  } catch (error) {
    for (const one of await Promise.allSettled(starting))
      if (one.status === 'fulfilled') await one.value.stop();
    throw error;
  }
}
