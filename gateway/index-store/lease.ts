import type { ProjectionLease } from './port.ts';
import { engineOf } from './engine.ts';

/** The right to project into the index at a URL, which at most one process has at a time. */
export function openProjectionLease({ url }: { url: string }): ProjectionLease {
  const { engine, at } = engineOf(url);
  return engine.openLease(at);
}
