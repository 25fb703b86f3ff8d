import { mkdirSync } from 'node:fs';
import { dataFolder } from './data-folder.ts';
import { loadDefinitions } from '../terminology/load/load.ts';
import { LoadError } from '../terminology/load/load-error.ts';
import { DefinitionFile, TerminologyFileError } from '../terminology/store/database.ts';
import { BUILT_IN } from '../terminology/store/files.ts';
import { DefinitionWriter } from '../terminology/store/writer.ts';
import { loadedDefinitions } from './stores.ts';

const USAGE = `usage: npm run terminology -- load <file.json | folder | package.tgz> ...
                                   list
                                   remove <url> [<version>]`;

function opened(): { writer: DefinitionWriter; close: () => void } {
  const { dataDir } = dataFolder(process.env);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = DefinitionFile.openForWriting(loadedDefinitions(dataDir));
  const builtIn = DefinitionFile.open(BUILT_IN);
  return {
    writer: new DefinitionWriter(file, builtIn),
    close() {
      file.close();
      builtIn.close();
    },
  };
}

/** Loads definitions for the gateway of this data folder, beside it while it runs, too. */
async function load(writer: DefinitionWriter, paths: readonly string[]): Promise<string[]> {
  const { definitions, concepts, leftOut } = await loadDefinitions(writer, paths);
  const counts = [...definitions].sort().map(([type, count]) => `${count} ${type}`);
  return [
    `loaded ${counts.join(', ') || 'nothing'}${concepts > 0 ? `, with ${concepts} concepts` : ''}`,
    ...(leftOut > 0 ? [`left out ${leftOut} files that are no definitions`] : []),
  ];
}

function list(writer: DefinitionWriter): string[] {
  return writer
    .list()
    .map(({ type, url, version, concepts }) =>
      [
        type,
        version === '' ? url : `${url}|${version}`,
        ...(concepts > 0 ? [`${concepts} concepts`] : []),
      ].join(' '),
    );
}

async function remove(writer: DefinitionWriter, url: string, version?: string): Promise<string[]> {
  const removed = await writer.together(() => Promise.resolve(writer.remove(undefined, url, version)));
  if (removed === 0) throw new LoadError(`${url} is not among what was loaded.`);
  return [`removed ${removed}`];
}

async function run([command, ...args]: readonly string[]): Promise<number> {
  const [first, second] = args;
  const work =
    command === 'load' && first !== undefined
      ? (writer: DefinitionWriter) => load(writer, args)
      : command === 'list' && first === undefined
        ? (writer: DefinitionWriter) => Promise.resolve(list(writer))
        : command === 'remove' && first !== undefined && args.length <= 2
          ? (writer: DefinitionWriter) => remove(writer, first, second)
          : undefined;
  if (!work) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  process.umask(0o077);
  try {
    const { writer, close } = opened();
    try {
      for (const line of await work(writer)) process.stdout.write(`${line}\n`);
    } finally {
      close();
    }
    return 0;
  } catch (error) {
    const expected = error instanceof LoadError || error instanceof TerminologyFileError;
    process.stderr.write(
      `${expected ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
    );
    return 1;
  }
}

process.exitCode = await run(process.argv.slice(2));
