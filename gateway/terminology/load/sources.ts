import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream';
import { LoadError } from './load-error.ts';
import { tarEntries } from './tar.ts';

/** A file to load from. */
export interface Source {
  /** As it is named in errors. */
  name: string;
  /** The description of a FHIR package, not a resource. */
  manifest: boolean;
  /** One file that somebody named: what it holds must be a definition. In folders and packages other things are left out. */
  named: boolean;
  content: AsyncIterable<Uint8Array>;
}

const NOT_RESOURCES = ['.index.json', '.firely.index.json', 'ig-r4.json', 'package-lock.json'];

const isCandidate = (name: string): boolean =>
  name.endsWith('.json') && !NOT_RESOURCES.includes(name) && !name.endsWith('.openapi.json');

/** Files of a folder, not of folders below it; a package's lie in `package`, or beside its `package.json`. */
function* ofFolder(folder: string): Generator<Source> {
  const inside = path.join(folder, 'package');
  const at = existsSync(path.join(inside, 'package.json')) ? inside : folder;
  // What a package is for is known before its resources are loaded.
  const names = readdirSync(at).filter(isCandidate).sort();
  for (const name of [...names.filter(isManifest), ...names.filter((one) => !isManifest(one))]) {
    const file = path.join(at, name);
    if (!statSync(file).isFile()) continue;
    yield { name: file, manifest: isManifest(name), named: false, content: createReadStream(file) };
  }
}

const isManifest = (name: string): boolean => name === 'package.json';

async function* ofArchive(file: string): AsyncGenerator<Source> {
  // A stream that fails ends the pipeline, and whoever reads it is told.
  const unpacked = pipeline(createReadStream(file), createGunzip(), () => undefined);
  for await (const { name, content } of tarEntries(unpacked)) {
    const [, inPackage] = /^(?:\.\/)?package\/([^/]+)$/.exec(name) ?? [];
    if (inPackage === undefined || !isCandidate(inPackage)) continue;
    yield { name: `${file}:${name}`, manifest: isManifest(inPackage), named: false, content };
  }
}

/** The files that a path stands for: a JSON file, a folder of them, a FHIR package (.tgz). Throws a LoadError. */
export async function* sourcesOf(given: string): AsyncGenerator<Source> {
  const stat = statSync(given, { throwIfNoEntry: false });
  if (!stat) throw new LoadError(`${given}: there is no such file.`);
  if (stat.isDirectory()) yield* ofFolder(given);
  else if (/\.(tgz|tar\.gz)$/.test(given)) yield* ofArchive(given);
  else yield { name: given, manifest: false, named: true, content: createReadStream(given) };
}
