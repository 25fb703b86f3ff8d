import type { Network } from '../network.ts';
import { start, untilHealthy, whenHealthy, type ProcessSpec } from './processes.ts';

/** Starts processes, where nothing else does, and resolves once all are healthy. Rejects with a StepError. */
export async function runNodes(
  { placement, folders }: Network,
  specs: readonly ProcessSpec[],
): Promise<void> {
  if (placement.containers) {
    for (const spec of specs) await untilHealthy(spec);
    return;
  }
  for (const spec of specs) await start(folders.run, spec);
  for (const spec of specs) await whenHealthy(folders.run, spec);
}
