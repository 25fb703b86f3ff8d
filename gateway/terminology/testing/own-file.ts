import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Resource } from '../../fhir/resource.ts';
import { openTerminology } from '../open.ts';
import type { Terminology } from '../port.ts';
import { DefinitionFile } from '../store/database.ts';
import { DefinitionWriter } from '../store/writer.ts';

export interface OwnFile {
  terminology: Terminology;
  folder: string;
  remove: () => void;
}

/** The terminology service with these definitions and no others. */
export function terminologyOf(definitions: readonly Resource[]): OwnFile {
  const folder = mkdtempSync(path.join(tmpdir(), 'terminology-'));
  const builtIn = path.join(folder, 'definitions.db');
  const file = DefinitionFile.create(builtIn);
  const writer = new DefinitionWriter(file);
  for (const definition of definitions) writer.put(definition);
  file.close();
  const terminology = openTerminology({
    builtIn,
    loaded: path.join(folder, 'loaded.db'),
    fhirBase: 'http://here/fhir/R4',
  });
  return {
    terminology,
    folder,
    remove() {
      terminology.close();
      rmSync(folder, { recursive: true });
    },
  };
}
