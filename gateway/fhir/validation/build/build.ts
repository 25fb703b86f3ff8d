import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compileShape } from './compile-shape.ts';
import { readDefinitions } from './definitions.ts';
import { trim } from './trim.ts';
import { buildTypeTable } from './type-table.ts';

/**
 * Writes into `folder` what the validator loads:
 * `shape.cjs`, the compiled JSON Schema; `data-types.json`, the definitions of all data types;
 * `type-table.json`, which type each element has; `resources/<Type>.json`, the definition of one resource type. Takes some seconds.
 */
export const buildValidator = (folder: string): void => {
  const definitions = readDefinitions();
  const resources = path.join(folder, 'resources');
  mkdirSync(resources, { recursive: true });
  const dataTypes: string[] = [];
  for (const [name, structure] of definitions.structures) {
    if (structure.kind === 'resource') writeFileSync(path.join(resources, `${name}.json`), trim(structure));
    else dataTypes.push(trim(structure));
  }
  writeFileSync(path.join(folder, 'data-types.json'), `[${dataTypes.join(',\n')}]`);
  writeFileSync(path.join(folder, 'type-table.json'), JSON.stringify(buildTypeTable(definitions)));
  writeFileSync(path.join(folder, 'shape.cjs'), compileShape(definitions));
};
