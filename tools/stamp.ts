import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What an artefact is made from: files and patterns, relative to `root`. */
export interface Inputs {
  root: string;
  /** Glob patterns of the sources of the builder. */
  sources: readonly string[];
  /** `package.json` files that name the versions of what is read and compiled. */
  packages: readonly string[];
}

/** A hash that changes when an artefact has to be made anew. Tests and what node_modules hold besides don't count. */
export const stampOf = ({ root, sources, packages }: Inputs): string => {
  const hash = createHash('sha256');
  for (const file of globSync([...sources], { cwd: root }).sort()) {
    if (file.endsWith('.test.ts')) continue;
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(root, file)))
      .update('\0');
  }
  for (const file of packages)
    hash
      .update(`${file}\0`)
      .update(versionIn(path.join(root, file)))
      .update('\0');
  return hash.digest('hex');
};

const versionIn = (file: string): string => {
  if (!existsSync(file)) throw new Error(`${file} is missing: run npm ci`);
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version?: string };
  return version ?? '';
};
