import { engineOf } from './engine.ts';

/**
 * Throws the index at a URL away, and nothing else that is there, so that it is built again from the ledger. Rejects while
 * a gateway is projecting into it.
 */
export async function dropIndex(url: string): Promise<void> {
  const { engine, at } = engineOf(url);
  await engine.drop(at);
}
