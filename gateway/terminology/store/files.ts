import { existsSync } from 'node:fs';
import path from 'node:path';
import { DefinitionFile } from './database.ts';
import { Shelf } from './shelf.ts';

export interface DefinitionFiles {
  /** Made by the build: what comes with R4. */
  builtIn: string;
  /** What the operator has loaded; it need not be there, and may come while the gateway runs. */
  loaded?: string;
}

/** Where the build puts R4's own. */
export const BUILT_IN = path.join(import.meta.dirname, '../../generated/terminology/r4.db');

/** Opens the files when they are first asked for. */
export class OpenFiles {
  readonly #files: DefinitionFiles;
  #builtIn: DefinitionFile | undefined;
  #loaded: DefinitionFile | undefined;
  #shelf: Shelf | undefined;

  constructor(files: DefinitionFiles) {
    this.#files = files;
  }

  /** The operator's first: it may bring a newer edition of what comes with R4. */
  shelf(): Shelf {
    const { builtIn, loaded } = this.#files;
    if (!this.#loaded && loaded !== undefined && existsSync(loaded)) {
      this.#loaded = DefinitionFile.open(loaded);
      this.#shelf = undefined;
    }
    this.#builtIn ??= opened(builtIn);
    this.#shelf ??= new Shelf([...(this.#loaded ? [this.#loaded] : []), this.#builtIn]);
    return this.#shelf;
  }

  close(): void {
    this.#builtIn?.close();
    this.#loaded?.close();
  }
}

function opened(file: string): DefinitionFile {
  if (!existsSync(file)) throw new Error('The definitions of R4 have not been built: npm run build');
  return DefinitionFile.open(file);
}
