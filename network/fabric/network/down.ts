import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { foldersOf } from './folders.ts';
import { stopCompose } from './compose/start.ts';
import { composeFile } from './compose/write.ts';
import { recordNames } from './native/process-record.ts';
import { stop } from './native/processes.ts';

/**
 * Ends every process of the network in `root`, and removes what the network wrote; with `keepData`, only the former, and
 * `up` goes on with the same ledger. Resolves with the names of the processes that ran.
 */
export async function takeDown(root: string, { keepData = false } = {}): Promise<string[]> {
  const folders = foldersOf(root);
  const ended = await endAll(folders.run);
  const compose = composeFile(root);
  if (existsSync(compose)) await stopCompose(root, keepData);
  if (!keepData) {
    // The folder may be one that holds other things as well.
    const { run, channel, connections, organisations, gateways, state } = folders;
    for (const ours of [run, channel, connections, organisations, gateways, state, compose])
      rmSync(ours, { recursive: true, force: true });
    if (existsSync(root) && readdirSync(root).length === 0) rmdirSync(root);
  }
  return ended;
}

async function endAll(run: string): Promise<string[]> {
  const ended = await Promise.all(
    recordNames(run).map(async (name) => ((await stop(run, name)) ? [name] : [])),
  );
  return ended.flat();
}
