import * as module from 'node:module';
import { setFlagsFromString } from 'node:v8';

const { enableCompileCache } = module;

/** The way in: an older Node gets one clear line instead of a syntax error. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Node ${process.versions.node} is too old: this needs 22.18 or later. Start it with "npm start" or "npm run demo", which bring their own.`,
  );
  process.exit(1);
}
// Garbage is collected when the heap has grown by so much, not when it has doubled:
// some 150 MB less, for a little more collecting (30 % takes 40 µs more of other threads a read).
setFlagsFromString('--heap-growing-percent=45');
// Sources are stripped and compiled once; the next start takes what is there.
enableCompileCache?.();
await import('./main.ts');
