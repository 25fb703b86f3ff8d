import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { PORTS } from '../network/ports.ts';

/** Below the ports that systems hand out by themselves. */
const LOWEST = 15_000;
const HIGHEST = 32_000;
const ATTEMPTS = 50;

/** A base port with all the ports of a network free behind it, now. Rejects when none was found. */
export async function freeBasePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const base = LOWEST + PORTS * randomInt((HIGHEST - LOWEST) / PORTS);
    const free = await Promise.all(Array.from({ length: PORTS }, (_, at) => isFree(base + at)));
    if (free.every(Boolean)) return base;
  }
  throw new Error(`no ${PORTS} free ports in a row between ${LOWEST} and ${HIGHEST}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
