import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A network takes so many ports from its base port on. */
const PORTS = 50;
/** Below the ports that systems hand out by themselves. */
const LOWEST = 15_000;
const HIGHEST = 32_000;
const ATTEMPTS = 50;

/** A base port with all ports of a network free behind it. Rejects when none was found. */
export async function freeBasePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const base = LOWEST + PORTS * randomInt((HIGHEST - LOWEST) / PORTS);
    const free = await Promise.all(Array.from({ length: PORTS }, (_, at) => isFree(base + at)));
    if (free.every(Boolean)) return base;
  }
  throw new Error(`no ${PORTS} free ports in a row between ${LOWEST} and ${HIGHEST}`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
